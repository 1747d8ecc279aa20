import { checkHerstel } from './beheer/check-herstel.ts'
import { confirmKlok } from './beheer/confirm-klok.ts'
import { giveUpDagsleutels } from './beheer/give-up-dagsleutels.ts'
import { loadAdresregister } from './beheer/load-adresregister.ts'
import { planHerindelingen, showHerindelingen, withdrawHerindelingen } from './beheer/manage-herindeling.ts'
import { renewSleutel } from './beheer/renew-sleutel.ts'
import { setUpDatabases } from './beheer/set-up-databases.ts'
import { setUpLandschap } from './beheer/set-up-landschap.ts'

type Command = (env: NodeJS.ProcessEnv, ...args: string[]) => Promise<void>

const commands: Readonly<Record<string, Command>> = {
  'databases inrichten': setUpDatabases,
  inrichten: setUpLandschap,
  'adresregister laden': loadAdresregister,
  'herindeling plannen': planHerindelingen,
  'herindeling tonen': showHerindelingen,
  'herindeling intrekken': withdrawHerindelingen,
  'herstel controleren': checkHerstel,
  'dagsleutels opgeven': giveUpDagsleutels,
  'sleutel vernieuwen': renewSleutel,
  'klok bevestigen': confirmKlok
}

const usage = `Gebruik:
  npm run beheer -- databases inrichten [--ja]    (met de instellingen van de hub en INRICHTEN_DATABASE_URL)
  npm run beheer -- inrichten LANDSCHAP.yaml [--geheimen PAD] [--ja]
  npm run beheer -- adresregister laden BESTAND
  npm run beheer -- herindeling plannen VAN… --naar CODE --datum DAG    (met de instellingen van de hub)
  npm run beheer -- herindeling tonen
  npm run beheer -- herindeling intrekken VAN…
  npm run beheer -- herstel controleren    (met de instellingen van de hub, DATABASE_URL op de teruggezette rijen)
  npm run beheer -- dagsleutels opgeven    (met de instellingen van de hub)
  npm run beheer -- sleutel vernieuwen token|bewijs    (met de instellingen van de hub)
  npm run beheer -- klok bevestigen DAG    (met de instellingen van de hub)`

// Command `npm run beheer -- ONDERWERP OPDRACHT`, or of one word. Exits 0 when it is done, 1 when it was refused or failed.
try {
  const [onderwerp = '', ...rest] = process.argv.slice(2)
  const [opdracht, ...args] = rest
  const named = commands[`${onderwerp} ${opdracht}`]
  const alone = Object.hasOwn(commands, onderwerp) ? commands[onderwerp] : undefined
  if (named !== undefined) await named(process.env, ...args)
  else if (alone !== undefined) await alone(process.env, ...rest)
  else throw new Error(usage)
} catch (error) {
  process.stderr.write(`\n${(error as Error).message}\n`)
  process.exitCode = 1
}
