import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { useOpvolger } from '../../organisaties/herindelingen/use-opvolger.ts'
import { listAll } from '../sending/list-all.ts'
import { readSender } from '../sending/sender-settings.ts'
import { showProgress } from '../sending/show-progress.ts'
import { confirmed } from './confirmed.ts'
import { carryOut } from './landschap/carry-out.ts'
import { openGeheimen, readGeheimen } from './landschap/keep-geheimen.ts'
import type { Found } from './landschap/plan.ts'
import { newSecrets, planLandschap } from './landschap/plan-landschap.ts'
import { type Opgegaan, readLandschap } from './landschap/read-landschap.ts'

const usage = 'Gebruik: npm run beheer -- inrichten LANDSCHAP.yaml [--geheimen PAD] [--ja]'

/**
 * Makes municipalities, partners, agreements and clients as a file has them: shown first, done with `--ja` or when
 * confirmed. To be repeated at will: what is there already stays, and work that broke off goes on. Secrets of new clients
 * go to a file that only its owner may read, and nowhere else.
 */
export async function setUpLandschap(env: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
  const { path, geheimenPath, isAgreed } = readArguments(args)
  const text = await readText(path)
  readLandschap(text)
  const sender = readSender(env, { prefix: 'BEHEER_', client: 'de client van de beheerder' })
  const found: Found = {
    gemeenten: await listAll(sender, '/v1/gemeenten'),
    signaalpartners: await listAll(sender, '/v1/signaalpartners'),
    overeenkomsten: await listAll(sender, '/v1/overeenkomsten'),
    clients: await listAll(sender, '/v1/clients')
  }
  const landschap = readLandschap(text, opgegaanIn(found))
  const known =
    geheimenPath === undefined ? { of: () => undefined } : readGeheimen(geheimenPath, sender.hubUrl)
  const plan = planLandschap(landschap, found, known)
  for (const tekst of plan.openstaand) console.log(`Open: ${tekst}.`)
  if (plan.stappen.length === 0) {
    console.log('Alles is zoals in het bestand; er is niets te doen.')
    return
  }
  for (const { tekst } of plan.stappen) console.log(`- ${tekst}`)
  const verzoeken = plan.stappen.reduce((sum, stap) => sum + stap.verzoeken.length, 0)
  console.log(`${plan.stappen.length} stappen, ${verzoeken} verzoeken aan ${sender.hubUrl}`)
  const secrets = newSecrets(plan)
  if (secrets.length > 0 && geheimenPath === undefined)
    throw new Error(`Zeg met --geheimen PAD waar de geheimen van ${secrets.length} clients komen.\n${usage}`)
  if (!(await confirmed(isAgreed))) return
  const geheimen = geheimenPath === undefined ? undefined : openGeheimen(geheimenPath, sender.hubUrl)
  await carryOut(sender, plan, found, geheimen, showProgress)
  process.stderr.write('\n')
  console.log('Gedaan.')
  if (secrets.length > 0) console.log(`De geheimen van ${secrets.length} clients staan in ${geheimenPath}`)
}

function opgegaanIn({ gemeenten }: Found): Opgegaan {
  return new Map(
    gemeenten.flatMap(({ gemeentecode, opgegaanIn }) =>
      opgegaanIn === undefined
        ? []
        : [[gemeentecode, useOpvolger({ opvolger: opgegaanIn.gemeentecode, datum: opgegaanIn.sinds })]]
    )
  )
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ja: { type: 'boolean', default: false }, geheimen: { type: 'string' } }
    })
    const [path, ...more] = positionals
    if (path === undefined || more.length > 0) throw new Error('Geef één bestand.')
    return { path, geheimenPath: values.geheimen, isAgreed: values.ja }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${usage}`)
  }
}

async function readText(path: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new Error(
      code === 'ENOENT'
        ? `${path}: dit bestand bestaat niet`
        : `${path}: dit bestand is niet te lezen als UTF-8`,
      { cause }
    )
  }
}
