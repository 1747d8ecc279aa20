import { randomBytes } from 'node:crypto'
import { normaliseAdres } from '../../../src/adressen/normalise-adres.ts'
import { openResolver } from '../../../src/adressen/open-resolver.ts'
import { withConnection } from '../../../src/platform/database/open-database.ts'
import { checkVroegsignaal } from '../../../src/vroegsignalen/check-vroegsignaal.ts'
import type { SignaalInvoer } from '../../../src/vroegsignalen/vroegsignaal-schema.ts'
import { buildSignal, drawAmount } from '../../demo/build-signal.ts'
import { must, openParty, type Party } from '../../demo/open-party.ts'
import { type Chance, seededChance } from '../../demo/seeded-chance.ts'
import type { BenchDatabases, BenchServer } from '../bench-server.ts'
import { enrolLandscape } from '../enrol-landscape.ts'
import { write } from '../figure.ts'
import { startHubProcess } from '../hub-process.ts'
import { signaalpartners } from '../landscape.ts'
import { untilMatched } from '../load-stock.ts'
import { moment, settings, today } from '../settings.ts'
import type { Bench } from '../with-stage.ts'
import type { WrittenHome } from './compare-homes.ts'
import type { Resident } from './generate-residents.ts'
import { partners, type WritingPartner } from './partners.ts'
import { registerCsv, registerOf } from './register-of.ts'

const homesAtFullScale = 20_000

/**
 * Sends the signals of a sample of the homes to a hub that knows their addresses, one of every partner, and compares
 * its households, by number and size, with the keys by which the measurement counts. Prints both numbers; a difference
 * sets exit code 1.
 */
export async function proveInHub(
  bench: Bench,
  written: readonly WrittenHome[],
  residents: readonly (readonly Resident[])[]
): Promise<void> {
  const sample = takeSample(written)
  const signals = partners.map((partner) => signalsOf(partner, written, residents, sample))
  for (const signal of signals.flat()) requireValid(signal)
  const expected = sizesOfKeys(sample.map((home) => written[home]!))
  const actual = await withHub(bench, async (hub) => {
    const homes = sample.map((home) => written[home]!.home)
    await must(201, hub.beheer.call('POST', '/v1/adresregister/leveringen', registerCsv(homes)))
    for (const [index, partner] of partners.entries())
      await deliver(await hub.partner(partner.code), signals[index]!)
    await untilMatched(hub)
    return sizesOfHuishoudens(hub.databases)
  })
  console.log(`
  Proef op de hub: ${write(sample.length)} woningen, ${write(signals.flat().length)} signalen van zes partners:
  ${write(actual.length)} huishoudens bij ${write(expected.length)} sleutels.`)
  if (String(actual) === String(expected)) return
  console.error('  De hub maakt andere huishoudens dan zijn eigen regels.')
  process.exitCode = 1
}

/** Whole numbers with all homes on them, spread over the kinds, by place in the list. */
function takeSample(written: readonly WrittenHome[]): number[] {
  const numberOf = ({ home }: WrittenHome) => `${home.postcode} ${home.huisnummer}`
  const numbers = [...Map.groupBy(written.keys(), (index) => numberOf(written[index]!)).values()]
  const step = Math.max(1, Math.floor(written.length / (homesAtFullScale * settings.scale)))
  return numbers.filter((_, index) => index % step === 0).flat()
}

function signalsOf(
  partner: WritingPartner,
  written: readonly WrittenHome[],
  residents: readonly (readonly Resident[])[],
  sample: readonly number[]
): SignaalInvoer[] {
  const chance = seededChance(settings.seed)
  return sample.map((home) => signalOf(chance, partner, written[home]!, home, chance.pick(residents[home]!)))
}

function signalOf(
  chance: Chance,
  partner: WritingPartner,
  { home, writings }: WrittenHome,
  number: number,
  resident: Resident
): SignaalInvoer {
  const demoPartner = signaalpartners.find(({ code }) => code === partner.code)!
  const { adres } = writings[partners.indexOf(partner)]!
  const betrokkene = partner.writeName(resident)
  const klant = {
    partner: demoPartner,
    sector: partner.sector,
    inwoner: { betrokkene, burgerservicenummer: resident.burgerservicenummer },
    woning: { gemeentecode: home.gemeentecode, adres },
    klantnummer: `KLANT-${number}`
  }
  const melding = {
    referentie: `VINDEN-${number}`,
    signaaldatum: today,
    bedragInCenten: drawAmount(chance, demoPartner)
  }
  // The register knows no post boxes, so the municipality is always named.
  return { ...buildSignal(chance, klant, melding), gemeentecode: home.gemeentecode, adres, betrokkene }
}

function requireValid(signal: SignaalInvoer): void {
  const checked = checkVroegsignaal(signal)
  if ('faults' in checked)
    throw new Error(`Een partner schrijft iets ongeldigs: ${JSON.stringify(checked.faults)}`)
}

// The number of signals on each key, smallest first.
function sizesOfKeys(sample: readonly WrittenHome[]): number[] {
  const resolve = openResolver(registerOf(sample.map(({ home }) => home)))
  const keys = sample.flatMap(({ writings }) =>
    writings.map(({ adres }) => resolve(normaliseAdres(adres)).sleutel)
  )
  return [...Map.groupBy(keys, (key) => key).values()].map(({ length }) => length).sort((a, b) => a - b)
}

type ProofHub = {
  readonly databases: BenchDatabases
  readonly beheer: Party
  partner(code: string): Promise<Party>
}

// Not a stage of the bench: that keeps the operator, who loads the register, to itself.
async function withHub<Result>(
  { server, cleanup }: Bench,
  work: (hub: ProofHub) => Promise<Result>
): Promise<Result> {
  const databases = await server.createDatabases()
  const credentials = { clientId: 'beheer-bench', clientSecret: randomBytes(24).toString('base64url') }
  const hub = await startHubProcess(environmentOf(server, databases, credentials))
  cleanup.add(hub.stop)
  try {
    const beheer = await openParty(hub.url, credentials)
    const enrolled = await enrolLandscape(beheer, databases.adminUrl)
    return await work({
      databases,
      beheer,
      partner: (code) => openParty(hub.url, enrolled.credentials.get(code)!)
    })
  } finally {
    await hub.stop()
    await databases.drop()
  }
}

function environmentOf(
  { dir }: BenchServer,
  { databaseUrl, sleutelDatabaseUrl }: BenchDatabases,
  { clientId, clientSecret }: Parameters<typeof openParty>[1]
): Record<string, string> {
  return {
    DATABASE_URL: databaseUrl,
    SLEUTEL_DATABASE_URL: sleutelDatabaseUrl,
    DATA_DIR: dir,
    KEK: randomBytes(32).toString('base64'),
    BEHEER_CLIENT_ID: clientId,
    BEHEER_CLIENT_SECRET: clientSecret,
    PROEF_KLOK: moment
  }
}

async function deliver(partner: Party, signals: readonly SignaalInvoer[]): Promise<void> {
  const lines = signals.map((signal) => JSON.stringify(signal)).join('\n')
  const { aantalOpgenomen, redenen } = await must(
    201,
    partner.call('POST', '/v1/aanleveringen', lines, {
      'content-type': 'application/x-ndjson',
      'idempotency-key': crypto.randomUUID()
    })
  )
  if (aantalOpgenomen !== signals.length)
    throw new Error(`De aanlevering werd niet geheel opgenomen: ${JSON.stringify(redenen)}`)
}

async function sizesOfHuishoudens({ adminUrl }: BenchDatabases): Promise<number[]> {
  return withConnection(adminUrl, async (client) => {
    const { rows } = await client.query('select aantal_signalen from huishouden order by aantal_signalen')
    return rows.map(({ aantal_signalen }) => aantal_signalen)
  })
}
