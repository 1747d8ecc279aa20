import { fetchToken, hashFile, refusal, type Sender, sendFile } from '../sending/send-file.ts'

/** The counts that the hub returns for a delivery. */
export type Verslag = {
  id: string
  aantalRegels: number
  aantalOpgenomen: number
  aantalAfgewezen: number
  aantalOngewijzigd: number
}

/** One rejected line, with all its reasons. */
export type AfgewezenRegel = {
  regel: number
  referentie?: string
  errors: { location: string; code: string; detail: string; grondslag?: string }[]
}

const mediaTypes = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  jsonl: 'application/x-ndjson',
  json: 'application/json'
}

/**
 * Sends a file as one delivery, see `sendFile`. The Idempotency-Key follows from the content, so sending the same file
 * twice has no second effect.
 */
export async function sendAanlevering(
  sender: Sender,
  file: string,
  onProgress: (share: number) => void
): Promise<Verslag> {
  const extension = file.replace(/\.gz$/, '').split('.').at(-1) as keyof typeof mediaTypes
  const mediaType = mediaTypes[extension] ?? 'text/csv'
  const key = `bestand-${await hashFile(file)}`
  return sendFile<Verslag>(sender, { file, path: '/v1/aanleveringen', mediaType, key }, onProgress)
}

/** All rejected lines of a delivery, in order. */
export async function* listRejected(sender: Sender, id: string): AsyncGenerator<AfgewezenRegel> {
  let next: string | undefined =
    `${sender.hubUrl}/v1/aanleveringen/${id}/regels?uitkomst=afgewezen&limit=1000`
  while (next !== undefined) {
    const answer: Response = await fetch(next, {
      headers: { authorization: `Bearer ${await fetchToken(sender)}` }
    })
    if (!answer.ok) throw await refusal(answer)
    yield* ((await answer.json()) as { resultaten: AfgewezenRegel[] }).resultaten
    next = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
  }
}
