import { announcement, type SignatureKey } from '../../platform/crypto/signing-keys.ts'
import { withSweeper } from './with-sweeper.ts'

const doelen: Readonly<Record<string, SignatureKey>> = {
  token: 'ondertekening-token',
  bewijs: 'ondertekening-bewijs'
}

/** Makes a new key to sign tokens or proofs with; says when it takes over. */
export async function renewSleutel(env: NodeJS.ProcessEnv, soort: string | undefined): Promise<void> {
  const doel = doelen[soort ?? '']
  if (doel === undefined) throw new Error('Geef `token` of `bewijs`: waarmee de sleutel tekent.')
  await withSweeper(env, (sweeper) => sweeper.keys().renewSigningKey(doel))
  console.log(`Gemaakt              een nieuwe sleutel voor ${soort}; hij staat in /.well-known/jwks.json`)
  console.log(`Tekent               over ${announcement / 60_000} minuten, zonder herstart`)
  console.log(
    soort === 'token'
      ? 'De oude               geldt daarna nog een uur, langer dan enig token'
      : 'De oude               blijft gelden voor wat ermee is getekend'
  )
}
