import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readConfig } from '../../config.ts'
import { databaseOf, loginOf, withDatabase, withLogin } from '../../platform/database/ensure-databases.ts'
import { analyze } from '../../platform/database/open-database.ts'
import {
  maySealContext,
  planDatabase,
  type Step,
  type Wanted
} from '../../platform/database/set-up-databases.ts'
import { readSecret } from '../sending/sender-settings.ts'
import { confirmed } from './confirmed.ts'

const migrations = fileURLToPath(new URL('../../../migrations', import.meta.url))
const [rows, keys] = ['DATABASE_URL', 'SLEUTEL_DATABASE_URL'] as const

/**
 * Makes the logins and databases that the settings name, brings them up to date and gives each login its rights and no
 * other: shown first, done with `--ja` or when confirmed, and to be repeated at will. Rejects when anything is not as wanted
 * afterwards.
 */
export async function setUpDatabases(env: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { ja: { type: 'boolean', default: false } } })
  const wanted = readWanted(env)
  const steps = await planAll(wanted)
  if (steps.length === 0) {
    console.log('Logins, databases en rechten zijn zoals ze moeten zijn; er is niets te doen.')
    return
  }
  for (const { tekst } of steps) console.log(`- ${tekst}`)
  for (const { adminUrl, database } of wanted) if (!(await maySealContext(adminUrl))) warn(database)
  if (!(await confirmed(values.ja))) return
  for (const step of steps) await step.run()
  for (const one of wanted) await analyze(addressOfOwner(one))
  const left = await planAll(wanted)
  if (left.length > 0)
    throw new Error(`Dit is niet gelukt:\n${left.map(({ tekst }) => `- ${tekst}`).join('\n')}`)
  console.log(`Gedaan: ${steps.length} stappen.`)
}

// As after a restore, when the server knows nothing of the rows.
function addressOfOwner({ adminUrl, database, owner }: Wanted): string {
  return withLogin(withDatabase(adminUrl, database), owner.name, owner.password)
}

async function planAll(wanted: readonly Wanted[]): Promise<Step[]> {
  const steps: Step[] = []
  for (const one of wanted)
    for (const step of await planDatabase(one)) if (isNew(steps, step)) steps.push(step)
  return steps
}

// The login that migrates may be the same for both databases.
function isNew(steps: readonly Step[], { tekst }: Step): boolean {
  return steps.every((step) => step.tekst !== tekst)
}

function warn(database: string): void {
  console.log(
    `Let op: set_config in ${database} blijft open, want alleen een superuser mag dat afsluiten (README, Roles).`
  )
}

function readWanted(env: NodeJS.ProcessEnv): Wanted[] {
  const config = readConfig(env)
  const urls = {
    [rows]: config.databaseUrl,
    [keys]: config.sleutelDatabaseUrl,
    [`MIGRATIE_${rows}`]: config.migratieDatabaseUrl,
    [`MIGRATIE_${keys}`]: config.migratieSleutelDatabaseUrl,
    [`INRICHTEN_${rows}`]: readSecret(env, `INRICHTEN_${rows}`)
  }
  const faults = Object.entries(urls)
    .filter(
      ([, url]) => !url || !URL.canParse(url) || loginOf(url).name === '' || loginOf(url).password === ''
    )
    .map(([name]) => `${name}: geef een adres met login en wachtwoord`)
  refuseAny(faults)
  const full = urls as Record<string, string>
  const adminUrl = full[`INRICHTEN_${rows}`]!
  const keyAdminUrl = readSecret(env, `INRICHTEN_${keys}`) ?? adminUrl
  const isOneServer = hostOf(keyAdminUrl) === hostOf(adminUrl)
  refuseAny([
    ...[rows, keys].flatMap((name) => faultsOfPair(name, full)),
    ...(isOneServer && loginOf(full[rows]!).name === loginOf(full[keys]!).name
      ? [
          `${keys}: kies een andere login dan die van ${rows}, want wie de rijen ziet hoort de sleutels niet te zien`
        ]
      : [])
  ])
  return [
    wantedOf(rows, full, adminUrl, migrations),
    wantedOf(keys, full, keyAdminUrl, `${migrations}/sleutels`)
  ]
}

function faultsOfPair(name: string, urls: Record<string, string>): string[] {
  const [service, owner] = [urls[name]!, urls[`MIGRATIE_${name}`]!]
  return [
    ...(databaseOf(service) === databaseOf(owner)
      ? []
      : [`MIGRATIE_${name}: noem dezelfde database als ${name}`]),
    ...(loginOf(service).name !== loginOf(owner).name
      ? []
      : [`MIGRATIE_${name}: kies een andere login dan die van ${name}`])
  ]
}

function refuseAny(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`De instellingen zijn nog niet goed:\n- ${faults.join('\n- ')}`)
}

function hostOf(url: string): string {
  return `${new URL(url).hostname}:${new URL(url).port || 5432}`
}

function wantedOf(name: string, urls: Record<string, string>, adminUrl: string, folder: string): Wanted {
  const [service, owner] = [urls[name]!, urls[`MIGRATIE_${name}`]!]
  return {
    adminUrl,
    database: databaseOf(service),
    owner: loginOf(owner),
    service: loginOf(service),
    migrations: folder
  }
}
