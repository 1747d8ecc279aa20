import { generateDelivery } from './generate-delivery.ts'
import { singlePartners } from './landscape.ts'
import { settings } from './settings.ts'

/** A body in three parts. The reference and the house number go between them. */
export type Template = readonly [head: string, middle: string, tail: string]

const count = 2_000

/** Bodies of a housing corporation, one signal each, without the reference and the house number. */
export function singleTemplates(datum: string): Template[] {
  const of = { count, number: 90, datum }
  return [...generateDelivery(settings.seed, singlePartners[0]!, of)].map((signaal) => {
    const { referentie, adres } = signaal
    const [head, rest] = cut(JSON.stringify(signaal), `"referentie":"`, referentie)
    const [middle, tail] = cut(rest, '"huisnummer":', String(adres.huisnummer))
    return [head, middle, tail]
  })
}

function cut(text: string, before: string, value: string): [string, string] {
  const start = text.indexOf(before + value) + before.length
  return [text.slice(0, start), text.slice(start + value.length)]
}
