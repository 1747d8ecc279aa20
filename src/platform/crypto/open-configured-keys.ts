import type { Clock } from '../../time.ts'
import type { KeyPool } from '../database/open-key-pool.ts'
import { type KeyRing, openKeyRing } from './key-ring.ts'
import type { KnownKeys } from './known-keys-store.ts'
import { openKek } from './open-kek.ts'
import { openTimekeeping, setByHand } from './timekeeping.ts'

type Settings = Parameters<typeof openKek>[0] & { readonly proefKlok?: Date | undefined }

/** Opens the keys with the KEK of the settings, and by their clock; throws as `openKeyRing` does. */
export async function openConfiguredKeys(
  settings: Settings,
  keyPool: KeyPool,
  clock: Clock,
  known: KnownKeys
): Promise<KeyRing> {
  const time = settings.proefKlok ? setByHand : openTimekeeping(keyPool, clock)
  return openKeyRing(keyPool, await openKek(settings), clock, known, time)
}
