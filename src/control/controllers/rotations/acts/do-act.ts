import type { RotationAction } from '#model/rotation';
import type { LoopContext } from '../../context.ts';
import type { Gathered } from '../gather.ts';
import { askInstances } from './ask-instances.ts';
import { addTrust, withdrawTrust } from './change-trust.ts';
import { deleteNext, deletePrevious } from './clean-up.ts';
import { dropCross } from './cross-sign.ts';
import { makeNext } from './make-next.ts';
import { reissue } from './reissue.ts';
import { restoreSigner, swapSigner } from './swap-signer.ts';

/** Does what the machine asks for. True when something was written. */
export function doAct(context: LoopContext, gathered: Gathered, act: RotationAction): Promise<boolean> {
  switch (act.action) {
    case 'makeNextCA':
      return makeNext(context, gathered);
    case 'addAnchor':
      return addTrust(context, gathered, act.bundle);
    case 'withdrawAnchor':
      return withdrawTrust(context, gathered, act.bundle);
    case 'swapSigner':
      return swapSigner(context, gathered);
    case 'restoreSigner':
      return restoreSigner(context, gathered);
    case 'reissue':
      return reissue(context, gathered, act.leaves, gathered.snapshot.signer.current);
    case 'restart':
      return askInstances(context, gathered, 'restart', act.instances);
    case 'flushSessions':
      return askInstances(context, gathered, 'flush', act.instances);
    case 'dropCross':
      return dropCross(context, gathered);
    case 'deletePrevious':
      return deletePrevious(context, gathered);
    case 'deleteNext':
      break;
  }
  return deleteNext(context, gathered);
}
