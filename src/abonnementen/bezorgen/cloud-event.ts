import { gebeurtenissoorten, proefsoort } from '../../begrippen/gebeurtenissoort.ts'
import type { GenomenBezorging } from './bezorg-store.ts'

/** An event to tell: its kind and the ids that belong to it. */
type TeVertellen = Pick<
  GenomenBezorging,
  | 'id'
  | 'gemeentecode'
  | 'soort'
  | 'op'
  | 'vroegsignaalId'
  | 'huishoudenId'
  | 'betwistingId'
  | 'vernietigingId'
>

/**
 * Writes an event as CloudEvents 1.0 in structured mode, by the NL GOV profile: ids only. `dataref` is where its receiver
 * reads the rest, with a token and scopes of its own.
 */
export function writeCloudEvent(publicUrl: string, gebeurtenis: TeVertellen): string {
  const { id, gemeentecode, soort, op } = gebeurtenis
  const velden = soort === proefsoort ? [] : gebeurtenissoorten[soort].velden
  const data = Object.fromEntries(velden.map((veld) => [veld, gebeurtenis[veld]]))
  const dataref = refOf(gebeurtenis)
  const [subject] = Object.values(data)
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: `${publicUrl}/v1`,
    type: soort,
    ...(subject && { subject }),
    time: op.toISOString(),
    datacontenttype: 'application/json',
    ...(dataref && { dataref: `${publicUrl}/v1/${dataref}` }),
    data: { gemeentecode, ...data }
  })
}

// What was withdrawn or destroyed is nowhere any more.
function refOf({ soort, vroegsignaalId, huishoudenId, vernietigingId }: TeVertellen): string | undefined {
  if (soort === 'nl.vroegsignalering.signaal-ingetrokken') return undefined
  if (vernietigingId !== null) return `vernietigingen/${vernietigingId}`
  if (huishoudenId !== null) return `huishoudens/${huishoudenId}`
  return vroegsignaalId === null ? undefined : `vroegsignalen/${vroegsignaalId}`
}
