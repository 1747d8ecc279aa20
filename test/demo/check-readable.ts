import type { Dump } from './dump-database.ts'
import { expect, progress } from './expect.ts'
import { findReadable } from './find-readable.ts'
import type { Afloop } from './post-month.ts'

/** Everything in the sent signals that identifies a person. Refused signals count too. */
export function secretsOf(aflopen: readonly Afloop[]): Set<string> {
  return new Set(
    aflopen.flatMap(({ signaal }) => {
      const { referentie, klantnummer, betrokkene, adres } = signaal
      const { naam, telefoonnummer, emailadres, burgerservicenummer } = betrokkene
      const all = [
        naam.geslachtsnaam,
        referentie,
        klantnummer,
        telefoonnummer,
        emailadres,
        burgerservicenummer
      ]
      return [...all, adres.straat].filter((secret) => secret !== undefined)
    })
  )
}

/** Shows that the search works: it finds every secret, in every form, in the messages as they were sent. */
export function checkSearch(aflopen: readonly Afloop[]): void {
  const sample = aflopen.filter((_, index) => index % 10 === 0)
  const secrets = secretsOf(sample)
  const sent = Buffer.from(JSON.stringify(sample.map(({ signaal }) => signaal)))
  const forms = [sent, Buffer.from(sent.toString('hex')), Buffer.from(sent.toString('base64'))]
  const found = forms.map((content) => findReadable(content, secrets).length)
  expect(
    found.every((count) => count === secrets.size),
    `proef op de som: in verzonden berichten vindt de zoeker alle ${secrets.size} kenmerken, ook in hex en base64`,
    found.join(', ')
  )
}

/** Expects that none of the secrets is readable in the bytes. */
export function expectUnreadable(what: string, content: Buffer, secrets: Set<string>): void {
  const found = findReadable(content, secrets)
  const examples = found.slice(0, 3).map(({ secret, form }) => `${secret} (${form})`)
  const size = `${(content.length / 1e6).toFixed(1).replace('.', ',')} MB`
  expect(
    found.length === 0,
    `niets leesbaars in ${what} (${size}): geen naam, adres, referentie, klant-, telefoon- of burgerservicenummer`,
    `${found.length} gevonden: ${examples.join(', ')}`
  )
}

/** The number of rows of a table in a dump. */
export function rowsOf({ rows }: Dump, table: string): number {
  const count = rows.get(table)
  if (count === undefined) progress(`let op: tabel ${table} staat niet in de dump`)
  return count ?? Number.NaN
}
