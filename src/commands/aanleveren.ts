import { openSource } from './aanleveren/open-source.ts'
import { readKolommen } from './aanleveren/read-kolommen.ts'
import { readOptions } from './aanleveren/read-options.ts'
import { sendAanlevering, tryAanlevering } from './aanleveren/send-aanlevering.ts'
import { writeRejected } from './aanleveren/write-rejected.ts'
import { readSenderSettings } from './sending/sender-settings.ts'
import { showProgress } from './sending/show-progress.ts'

const texts = {
  bestand: 'geef het pad van een .csv, .ndjson of .json, eventueel met .gz',
  prefix: '',
  client: 'de client van uw organisatie'
}

// Command `npm run aanleveren -- bestand.csv`: sends a partner's file, says why lines were rejected and writes these so that
// they can be mended and sent again. With --proef it only says what would happen.
// Exits 0 when every line was taken in, 2 when some were rejected, 1 when the delivery as a whole failed.
try {
  const { file, kolommen, isTrial, isPatient } = readOptions(process.argv.slice(2))
  const settings = { ...readSenderSettings(file, process.env, texts), isPatient }
  const source = await openSource(settings.file, kolommen ? await readKolommen(kolommen) : undefined)
  process.stderr.write(`Tekenset: ${source.charset}\n`)
  const send = isTrial ? tryAanlevering : sendAanlevering
  const verslag = await send(settings, source, showProgress)
  process.stderr.write('\n')
  if (isTrial) console.log('Dit was een proef: er is niets opgenomen of bewaard.')
  console.log(`Regels       ${verslag.aantalRegels}`)
  console.log(`Opgenomen    ${verslag.aantalOpgenomen}`)
  console.log(`Ongewijzigd  ${verslag.aantalOngewijzigd}`)
  console.log(`Afgewezen    ${verslag.aantalAfgewezen}`)
  if (verslag.aantalAfgewezen > 0) {
    const path = `${settings.file}.afgewezen.csv`
    const reasons = await writeRejected(path, source, verslag.rejected)
    console.log('\nWaarom, met het aantal regels:')
    for (const { text, aantal } of reasons) console.log(`${String(aantal).padStart(7)}  ${text}`)
    console.log(`\nDe afgewezen regels staan met hun redenen in ${path}`)
    process.exitCode = 2
  }
} catch (error) {
  process.stderr.write(`\n${(error as Error).message}\n`)
  process.exitCode = 1
}
