import { compactVerify, createLocalJWKSet } from 'jose'
import { linkOf } from '../../src/platform/crypto/signed-chain.ts'
import type { Verklaring } from '../../src/vernietiging/bewijs.ts'
import type { TestHub } from '../helpers/test-hub.ts'

export type Bewijs = { readonly gemeentecode: string; readonly bewijs: string }

/** The proofs of a municipality as stored in the database, oldest first. */
export function proofsOf(hub: TestHub, gemeentecode: string): Promise<Bewijs[]> {
  const query = 'select gemeentecode, bewijs from vernietiging where gemeentecode = $1 order by volgnummer'
  return hub.admin<Bewijs>(query, [gemeentecode])
}

/** The content of the proofs. Throws when one was altered, left out or moved. */
export async function verifyChain(hub: TestHub, proofs: readonly Bewijs[]): Promise<Verklaring[]> {
  const jwks = (await hub.call({ method: 'GET', url: '/.well-known/jwks.json' })).json()
  const keySet = createLocalJWKSet(jwks)
  const said: Verklaring[] = []
  let link: string | null = null
  for (const [index, { gemeentecode, bewijs }] of proofs.entries()) {
    const { payload } = await compactVerify(bewijs, keySet)
    const verklaring: Verklaring = JSON.parse(Buffer.from(payload).toString())
    const isNext = verklaring.vorige === link && verklaring.volgnummer === index + 1
    if (!isNext || verklaring.gemeentecode !== gemeentecode)
      throw new Error(`statement ${index + 1} is out of place`)
    said.push(verklaring)
    link = linkOf(bewijs)
  }
  return said
}
