import { isTemporary, sqlStateOf } from '../../platform/database/database-errors.ts'
import { type Inhoud, openInhoud } from '../../vroegsignalen/vroegsignaal-inhoud.ts'
import type { Herleider } from './herleider.ts'
import type { TeHerleiden } from './herleiding-store.ts'

/**
 * Decrypts signals, in the order given; undefined where the data key was destroyed, and, with a line in the log, where
 * the content cannot be opened. Throws when the key database fails.
 */
export async function openReadable(
  herleider: Pick<Herleider, 'keys' | 'logger'>,
  rows: readonly TeHerleiden[]
): Promise<(Inhoud | undefined)[]> {
  try {
    return await openInhoud({ keys: herleider.keys(), opened: new Set() }, rows)
  } catch (error) {
    if (isTemporary(error) || sqlStateOf(error) !== undefined) throw error
    return rows.length === 1 ? logUnreadable(herleider, rows[0]!) : openEach(herleider, rows)
  }
}

async function openEach(
  herleider: Pick<Herleider, 'keys' | 'logger'>,
  rows: readonly TeHerleiden[]
): Promise<(Inhoud | undefined)[]> {
  const contents: (Inhoud | undefined)[] = []
  for (const row of rows) contents.push(...(await openReadable(herleider, [row])))
  return contents
}

function logUnreadable({ logger }: Pick<Herleider, 'logger'>, { id }: TeHerleiden): [undefined] {
  logger.warn({ vroegsignaalId: id }, 'the content of a signal cannot be opened; it keeps its address')
  return [undefined]
}
