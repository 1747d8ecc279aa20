import { randomUUID } from 'node:crypto'
import { type OnProgress, readShowing, sendFile } from '../sending/send-file.ts'
import { readSenderSettings } from '../sending/sender-settings.ts'
import { showProgress } from '../sending/show-progress.ts'

/** What the hub answers about the register that it loaded. */
type Register = {
  bron: string
  aantalRegels: number
  aantalOvergeslagen: number
  aantalAdressen: number
  aantalPostcodes: number
  aantalGemeenten: number
  onbekendeGemeenten: string[]
}

const texts = {
  bestand: 'geef het pad van een .csv of .csv.gz',
  prefix: 'BEHEER_',
  client: 'de client van de beheerder'
}

/** Loads the address register from a file and says what is in it; rejects when it was refused, and the old one stays. */
export async function loadAdresregister(env: NodeJS.ProcessEnv, path: string | undefined): Promise<void> {
  const settings = readSenderSettings(path, env, texts)
  const { file } = settings
  // A key of its own for each run: the same file may be meant to replace another, or to find new municipalities.
  const key = randomUUID()
  const sending = {
    path: '/v1/adresregister/leveringen',
    mediaType: 'text/csv',
    key,
    isGzip: file.endsWith('.gz'),
    open: (onProgress: OnProgress) => readShowing(file, onProgress)
  }
  const register = await sendFile<Register>(settings, sending, showProgress)
  process.stderr.write('\n')
  console.log(`Bron          ${register.bron}`)
  console.log(`Regels        ${register.aantalRegels}`)
  console.log(`Overgeslagen  ${register.aantalOvergeslagen} (zonder postcode)`)
  console.log(`Adressen      ${register.aantalAdressen}`)
  console.log(`Postcodes     ${register.aantalPostcodes}`)
  console.log(`Gemeenten     ${register.aantalGemeenten}`)
  if (register.onbekendeGemeenten.length > 0) {
    console.log(`Onbekend      ${register.onbekendeGemeenten.join(', ')}`)
  }
}
