/**
 * The Kubernetes version whose wire behaviour this server keeps; clients pick their own behaviour by it, and some their
 * binary.
 */
const kubernetes = { major: '1', minor: '36' } as const;

/** `/version`. The build part of `gitVersion` names Chancery, as other distributions name themselves there. */
export function versionDocument(version: string): object {
  return {
    ...kubernetes,
    gitVersion: `v${kubernetes.major}.${kubernetes.minor}.0+chancery.${version}`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: `${process.platform}/${process.arch}`,
  };
}
