import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { systemClock, todayIn } from '../../src/time.ts'
import { type Cleanup, openCleanup } from './cleanup.ts'
import { deliverMonths } from './deliver-months.ts'
import { startDemoDatabase } from './demo-database.ts'
import { chapter, progress } from './expect.ts'
import { inventHomes } from './invent-residents.ts'
import { fetchToken, must, openParty } from './open-party.ts'
import { openStage, type Stage } from './open-stage.ts'
import { gemeenten } from './participants.ts'
import { mostTelling, showHousehold } from './show-household.ts'

// The command behind `npm run dev`: a hub with an invented society in it, which starts again when its source changes.

const server = fileURLToPath(new URL('../../src/server.ts', import.meta.url))
const homesPerGemeente = 1_000
const startLimit = 60_000
const [gemeente] = gemeenten
const partner = 'WLK'

const cleanup = openCleanup()
try {
  await play(cleanup)
} catch (error) {
  if (!cleanup.isInterrupted()) console.error(`  ${(error as Error).message}`)
  process.exitCode = 1
} finally {
  await cleanup.run()
}

async function play(cleanup: Cleanup): Promise<void> {
  chapter('1. De hub en wie er meedoen')
  const stage = openStage(await startDemoDatabase(cleanup), cleanup)
  const datum = todayIn(systemClock()())
  await deliverMonths(
    stage,
    {
      datum,
      huishoudens: 110,
      eerder: [3, 2],
      eenmalig: 10,
      afwijzingenPerCriterium: 0
    },
    true
  )
  await loadHomes(stage)
  await stage.stop()
  const url = `http://127.0.0.1:${process.env.PORT || '3000'}`
  await watch(stage, url, cleanup)
}

async function loadHomes(stage: Stage): Promise<void> {
  const lines = gemeenten.flatMap(({ gemeentecode }) =>
    inventHomes(gemeentecode, homesPerGemeente).map(({ adres }, number) => {
      const { postcode, huisnummer, huisletter = '', huisnummertoevoeging = '' } = adres
      const id = `${gemeentecode}20${String(number).padStart(10, '0')}`
      return [postcode, huisnummer, huisletter, huisnummertoevoeging, id, gemeentecode].join(';')
    })
  )
  const header = 'postcode;huisnummer;huisletter;huisnummertoevoeging;nummeraanduiding;gemeentecode'
  const beheer = await stage.as('beheer')
  const csv = [header, ...lines].join('\n')
  const { aantalAdressen } = await must(201, beheer.call('POST', '/v1/adresregister/leveringen', csv))
  progress(`een register van ${aantalAdressen} verzonnen woningen is geladen`)
}

async function watch(stage: Stage, url: string, cleanup: Cleanup): Promise<void> {
  const { PORT = '3000', PATH = '' } = process.env
  const child = spawn(process.execPath, ['--watch', '--watch-preserve-output', server], {
    env: { PATH, ...stage.settings, PORT },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const ended = once(child, 'exit')
  cleanup.add(async () => {
    child.kill('SIGTERM')
    await ended
  })
  // npm that is killed passes nothing on.
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGTERM'), 1_000).unref()
  const lines = createInterface({ input: child.stdout })
  await untilReady(lines)
  await show(stage, url)
  lines.on('line', (line) => console.log(line))
  await ended
}

// Until then only what went wrong is shown.
function untilReady(lines: Interface): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(
    () => reject(new Error(`De hub is na ${startLimit / 1000} seconden niet gereed.`)),
    startLimit
  )
  const look = (line: string) => {
    if (line.includes('"msg":"gereed"')) resolve()
    else if (!line.includes('"level":30')) console.log(line)
  }
  lines.on('line', look)
  return promise.finally(() => {
    clearTimeout(timer)
    lines.off('line', look)
  })
}

async function show(stage: Stage, url: string): Promise<void> {
  const login = (name: string) => {
    const { clientId, clientSecret } = stage.credentialsOf(name)
    return `${clientId}:${clientSecret}`
  }
  const ask = async (name: string, path: string) =>
    `curl -s -H 'Authorization: Bearer ${await fetchToken(url, stage.credentialsOf(name))}' '${url}${path}'`
  const { gemeentecode, naam } = gemeente!
  const raalte = await openParty(url, stage.credentialsOf(gemeentecode))
  const { items } = await raalte.all('/v1/huishoudens?matchsoort=meervoudig&expand=beoordeling')
  chapter('3. Een huishouden, zoals de gemeente het ziet')
  showHousehold(mostTelling(items), naam)
  chapter(`De hub luistert op ${url} en begint opnieuw als de broncode verandert`)
  console.log(`
Documentatie: ${url}/docs. De tokens hieronder gelden een kwartier; een nieuwe geeft
curl -s -u 'CLIENT:GEHEIM' -d grant_type=client_credentials ${url}/oauth/token

  beheerder               ${login('beheer')}
  gemeente ${naam.padEnd(14)} ${login(gemeentecode)}
  woonstichting           ${login(partner)}

Een huishouden met signalen van meer partners, zoals ${naam} het ziet:

${await ask(gemeentecode, '/v1/huishoudens?matchsoort=meervoudig&limit=1')}

De signalen van de woonstichting:

${await ask(partner, '/v1/vroegsignalen?limit=5')}

De cijfers van de landelijke monitor:

${await ask('beheer', `/v1/monitor?van=${maand()}&totEnMet=${maand()}`)}

Stoppen met Ctrl-C; dan is alles weer weg.
`)
}

function maand(): string {
  return todayIn(systemClock()()).slice(0, 7)
}
