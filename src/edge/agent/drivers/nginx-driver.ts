import { runProgram } from '../reloading/run-program.ts';
import { failed, type Step } from '../step.ts';
import { timeoutOf, type Driver, type ReloadSpec } from './driver.ts';
import { EngineProcess } from './engine-process.ts';

const usualPidFile = '/run/nginx.pid';

/**
 * NGINX: its own test of the configuration first, because a reload that fails is mute; then SIGHUP, until there are new
 * workers. Old ones serve their connections to the end, and new ones for about a tenth of a second too.
 * `reload.command` is how nginx is called, with its options; found by the master process when left out.
 */
export function nginxDriver(reload: ReloadSpec | undefined): Driver {
  const engine = new EngineProcess(reload?.pidFile ?? usualPidFile);
  const timeout = timeoutOf(reload);
  return {
    name: 'nginx',
    check: () => testConfiguration(engine, reload?.command, timeout),
    reload: async () => ({ step: await engine.renewWorkers('SIGHUP', timeout), evidence: 'new-processes' }),
    isAlone: () => engine.isAlone(),
    run: () => engine.run(),
  };
}

async function testConfiguration(
  engine: EngineProcess,
  command: readonly string[] | undefined,
  timeout: number,
): Promise<Step> {
  const call = command ?? (await callOf(engine));
  if (call === undefined) return failed('no-process', 'nginx does not run; start it, or check reload.pidFile');
  return runProgram([...call, '-t', '-q'], timeout, 'refused-by-engine');
}

async function callOf(engine: EngineProcess): Promise<readonly string[] | undefined> {
  const found = await engine.command();
  return found === undefined ? undefined : [found.program, ...optionsIn(found.args.join(' '))];
}

/** `nginx: master process /usr/sbin/nginx -c x.conf -g daemon off;`: its title, where no quotes are left. */
export function optionsIn(title: string): string[] {
  const [, text = ''] = /(?:^| )(-(?:c|p|g|e) .*)$/.exec(title) ?? [];
  const options = text.split(/ (?=-(?:c|p|g|e) )/).filter((option) => option !== '');
  return options.flatMap((option) => [option.slice(0, 2), option.slice(3)]);
}
