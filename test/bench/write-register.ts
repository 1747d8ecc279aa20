import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { postcodesOf } from '../demo/participants.ts'
import { gemeenten } from './landscape.ts'
import type { DeliveryFile } from './write-delivery.ts'

const homesPerPostcode = 20
const header =
  'openbareruimte,huisnummer,huisletter,huisnummertoevoeging,postcode,woonplaats,gemeente,provincie,nummeraanduiding\n'

/** Writes an address register of `count` invented addresses, in the form of an export of the BAG. */
export async function writeRegister(dir: string, count: number): Promise<DeliveryFile> {
  const file = join(dir, 'register.csv')
  await pipeline(Readable.from(chunksOf(count)), createWriteStream(file))
  return {
    count,
    headers: { 'content-type': 'text/csv' },
    open: () => createReadStream(file, { highWaterMark: 256 * 1024 })
  }
}

function* chunksOf(count: number): Generator<string> {
  const postcodes = gemeenten.flatMap((gemeente) =>
    postcodesOf(gemeente).map((postcode) => ({ postcode, ...gemeente }))
  )
  let chunk = header
  for (let n = 0; n < count; n += 1) {
    const { postcode, naam, woonplaats, gemeentecode } = postcodes[n % postcodes.length]!
    const number = Math.floor(n / postcodes.length)
    const huisnummer = 1 + (number % homesPerPostcode)
    const toevoeging = number < homesPerPostcode ? '' : String(Math.floor(number / homesPerPostcode))
    const id = `${gemeentecode}20${String(n).padStart(10, '0')}`
    chunk += `Nergensweg,${huisnummer},,${toevoeging},${postcode},${woonplaats},${naam},Nergens,${id}\n`
    if (chunk.length < 64 * 1024) continue
    yield chunk
    chunk = ''
  }
  yield chunk
}
