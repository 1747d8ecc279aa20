import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import type { BenchStage } from './bench-stage.ts'
import { bulkPartner } from './landscape.ts'
import type { DeliveryFile } from './write-delivery.ts'

/** Sends a delivery. Returns the seconds from first byte to answer. Throws unless every line was taken in. */
export function sendDelivery(stage: BenchStage, file: DeliveryFile): Promise<number> {
  return send(stage, file, { name: bulkPartner.code, path: '/v1/aanleveringen', counted: 'aantalOpgenomen' })
}

/** Sends an address register. Returns the seconds from first byte to answer. Throws unless every address was loaded. */
export function sendRegister(stage: BenchStage, file: DeliveryFile): Promise<number> {
  return send(stage, file, {
    name: 'beheer',
    path: '/v1/adresregister/leveringen',
    counted: 'aantalAdressen'
  })
}

async function send(
  stage: BenchStage,
  file: DeliveryFile,
  { name, path, counted }: { name: string; path: string; counted: string }
): Promise<number> {
  const authorization = `Bearer ${await stage.token(name)}`
  const began = performance.now()
  const asked = request(new URL(path, stage.url()), {
    method: 'POST',
    headers: { authorization, 'idempotency-key': crypto.randomUUID(), ...file.headers }
  })
  const answered = once(asked, 'response')
  const [[answer]] = (await Promise.all([answered, pipeline(file.open(), asked)])) as [
    [IncomingMessage],
    unknown
  ]
  const body = await text(answer)
  const seconds = (performance.now() - began) / 1000
  if (answer.statusCode !== 201 || JSON.parse(body)[counted] !== file.count)
    throw new Error(`Niet alles werd opgenomen: ${answer.statusCode} ${body}`)
  return seconds
}
