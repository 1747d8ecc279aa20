import { CompactSign, compactVerify } from 'jose'
import type { KeyRing } from './key-ring.ts'

/** Signs a statement as a compact JWS (ES256) that anyone can check with the JWKS; `typ` is its kind. */
export async function signStatement(keys: KeyRing, typ: string, statement: object): Promise<string> {
  const { kid, privateKey } = keys.signer('ondertekening-bewijs')
  return new CompactSign(Buffer.from(JSON.stringify(statement)))
    .setProtectedHeader({ alg: 'ES256', kid, typ })
    .sign(privateKey)
}

/** The content of a statement of this `typ`; undefined when it was not signed here or was altered. */
export async function verifyStatement<Statement>(
  keys: KeyRing,
  typ: string,
  jws: string
): Promise<Statement | undefined> {
  try {
    const keyOf = ({ kid }: { kid?: string }) => {
      const known = keys.verifier('ondertekening-bewijs', kid)
      if (known === undefined) throw new Error('no key of ours')
      return known.publicKey
    }
    const { payload, protectedHeader } = await compactVerify(jws, keyOf, { algorithms: ['ES256'] })
    return protectedHeader.typ === typ ? JSON.parse(Buffer.from(payload).toString()) : undefined
  } catch {
    return undefined
  }
}
