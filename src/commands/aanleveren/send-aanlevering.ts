import { askUntilAnswered, type OnProgress, type Sender, sendFile } from '../sending/send-file.ts'
import type { Source } from './open-source.ts'

/** One rejected line, with all its reasons. */
export type AfgewezenRegel = {
  regel: number
  referentie?: string
  errors: { location: string; code: string; detail: string; grondslag?: string }[]
}

/** What the hub did, or would do, with a file. */
export type Verslag = {
  aantalRegels: number
  aantalOpgenomen: number
  aantalAfgewezen: number
  aantalOngewijzigd: number
  /** The rejected lines in order; of a trial only the first thousands. */
  rejected: AsyncIterable<AfgewezenRegel>
}

/**
 * Sends a file as one delivery, see `sendFile`. The Idempotency-Key follows from the content, so sending the same file
 * twice has no second effect.
 */
export async function sendAanlevering(
  sender: Sender,
  source: Source,
  onProgress: OnProgress
): Promise<Verslag> {
  const path = '/v1/aanleveringen'
  const verslag = await sendFile<Omit<Verslag, 'rejected'> & { id: string }>(
    sender,
    { ...source, path },
    onProgress
  )
  return { ...verslag, rejected: listRejected(sender, verslag.id) }
}

/** Asks what would become of each line of a file. */
export async function tryAanlevering(
  sender: Sender,
  source: Source,
  onProgress: OnProgress
): Promise<Verslag> {
  const path = '/v1/proefaanleveringen'
  const { regels, ...verslag } = await sendFile<Omit<Verslag, 'rejected'> & { regels: AfgewezenRegel[] }>(
    sender,
    { ...source, path },
    onProgress
  )
  return { ...verslag, rejected: inOrder(regels) }
}

async function* inOrder(lines: readonly AfgewezenRegel[]): AsyncGenerator<AfgewezenRegel> {
  yield* lines
}

async function* listRejected(sender: Sender, id: string): AsyncGenerator<AfgewezenRegel> {
  let next: string | undefined =
    `${sender.hubUrl}/v1/aanleveringen/${id}/regels?uitkomst=afgewezen&limit=1000`
  while (next !== undefined) {
    const url: string = next
    const answer = await askUntilAnswered(sender, (authorization) =>
      fetch(url, { headers: { authorization } })
    )
    yield* ((await answer.json()) as { resultaten: AfgewezenRegel[] }).resultaten
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
  }
}
