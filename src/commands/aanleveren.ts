import { listRejected, sendAanlevering } from './aanleveren/send-aanlevering.ts'
import { writeRejected } from './aanleveren/write-rejected.ts'
import { readSenderSettings } from './sending/sender-settings.ts'
import { showProgress } from './sending/show-progress.ts'

const texts = {
  bestand: 'geef het pad van een .csv, .ndjson of .json, eventueel met .gz',
  prefix: '',
  client: 'de client van uw organisatie'
}

// Command `npm run aanleveren -- bestand.csv`: sends a partner's file and writes the rejected lines with their reasons.
// Exits 0 when every line was taken in, 2 when some were rejected, 1 when the delivery as a whole failed.
try {
  const settings = readSenderSettings(process.argv[2], process.env, texts)
  const verslag = await sendAanlevering(settings, settings.file, showProgress)
  process.stderr.write('\n')
  console.log(`Regels       ${verslag.aantalRegels}`)
  console.log(`Opgenomen    ${verslag.aantalOpgenomen}`)
  console.log(`Ongewijzigd  ${verslag.aantalOngewijzigd}`)
  console.log(`Afgewezen    ${verslag.aantalAfgewezen}`)
  if (verslag.aantalAfgewezen > 0) {
    const path = `${settings.file}.afgewezen.csv`
    await writeRejected(path, listRejected(settings, verslag.id))
    console.log(`De afgewezen regels staan met hun redenen in ${path}`)
    process.exitCode = 2
  }
} catch (error) {
  process.stderr.write(`\n${(error as Error).message}\n`)
  process.exitCode = 1
}
