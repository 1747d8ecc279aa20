import { randomUUIDv7 } from 'node:crypto'
import { bewaartermijnen } from '../../begrippen/bewaartermijnen.ts'
import type { Aanmeldingstatus } from '../../begrippen/organisatie.ts'
import { Problem } from '../../platform/http/problem.ts'
import { addMonths, todayIn } from '../../time.ts'
import type { Hub } from '../../toegang/hub.ts'
import type { AanmeldingInvoer } from './aanmelding-schema.ts'
import { addAanmelding, countOpenAanmeldingen, findByVerzoek } from './aanmelding-store.ts'
import { sealAanmelding } from './open-aanmelding.ts'

// More than an operator reads; whoever sends that many is no partner.
const mostOpen = 1_000

/** What an applicant hears, and whether the same request did it before. */
export type Ontvangstbericht = {
  readonly id: string
  readonly status: Aanmeldingstatus
  readonly isReplayed: boolean
}

/**
 * Stores the application of somebody without an account, once per Idempotency-Key and content: who has no account has no
 * keys of its own either, so that another content under the same key is another application. It is not compared with what
 * is known, so that the answer tells nobody who takes part. Throws te-veel-verzoeken while too many wait for a decision.
 */
export async function receiveAanmelding(
  { database, keys, clock }: Pick<Hub, 'database' | 'keys' | 'clock'>,
  invoer: AanmeldingInvoer,
  idempotencyKey: string | undefined
): Promise<Ontvangstbericht> {
  const now = clock()
  const id = randomUUIDv7()
  const vernietigingsdatum = addMonths(todayIn(now), bewaartermijnen.aanmelding.maanden)
  const verzoekHash =
    idempotencyKey === undefined
      ? null
      : keys().hash('hash-verzoek', `aanmelding|${idempotencyKey}|${JSON.stringify(invoer)}`)
  return database.as({ duty: 'toegang' }, async (tx) => {
    const earlier = await findByVerzoek(tx, verzoekHash)
    if (earlier) return { ...earlier, isReplayed: true }
    if ((await countOpenAanmeldingen(tx, mostOpen)) >= mostOpen) throw tooMany()
    const key = (await keys().dataKeysFor([vernietigingsdatum])).get(vernietigingsdatum)!
    const inhoud = sealAanmelding(key, id, invoer)
    const status = 'ontvangen'
    const row = { id, ontvangenOp: now, status, vernietigingsdatum, verzoekHash, inhoud } as const
    if (await addAanmelding(tx, row)) return { id, status, isReplayed: false }
    // The same request came at the same moment, and was stored while this one waited for it.
    return { ...(await findByVerzoek(tx, verzoekHash))!, isReplayed: true }
  })
}

function tooMany(): Problem {
  const detail = 'Er wachten te veel aanmeldingen op een besluit; probeer het later.'
  return new Problem('te-veel-verzoeken', { detail, retryAfter: 3_600 })
}
