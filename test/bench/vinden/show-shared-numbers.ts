import { nummertekst } from '../../../src/adressen/adressleutel.ts'
import { openResolver, type Registerinhoud } from '../../../src/adressen/open-resolver.ts'
import { printTable } from '../../demo/print-table.ts'
import { write } from '../figure.ts'
import type { Home } from './generate-homes.ts'

type Fate =
  | 'komt op de woning zonder toevoeging'
  | 'op het nummer, adres onbekend'
  | 'op het nummer, register zwijgt'

/** Prints how many homes share their number, and where a signal goes that gives no letter or addition there. */
export function showSharedNumbers(homes: readonly Home[], register: Registerinhoud): void {
  const resolve = openResolver(register)
  const numbers = [...Map.groupBy(homes, nummertekst).values()].filter(({ length }) => length > 1)
  const sharing = numbers.flat()
  const fates = Map.groupBy(sharing, ({ soort, postcode, huisnummer }) => {
    const { nummeraanduiding, bekend } = resolve({ postcode, huisnummer })
    return `${soort}|${fateOf(nummeraanduiding, bekend)}`
  })
  console.log(
    `\n  ${write(sharing.length)} woningen delen hun nummer, op ${write(numbers.length)} nummers. Een signaal zonder toevoeging:`
  )
  const rows = [...fates]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([key, of]) => [...key.split('|'), write(of.length), write(new Set(of.map(nummertekst)).size)])
  printTable(['soort', 'waar het heen gaat', 'woningen', 'nummers'], rows)
}

function fateOf(nummeraanduiding: string | undefined, bekend: boolean | undefined): Fate {
  if (nummeraanduiding !== undefined) return 'komt op de woning zonder toevoeging'
  return bekend === undefined ? 'op het nummer, register zwijgt' : 'op het nummer, adres onbekend'
}
