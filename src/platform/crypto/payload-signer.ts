import { constants, createHash, type KeyObject, sign, type X509Certificate } from 'node:crypto'

/** Signs the value of a header `Digest`; returns a detached JWS. */
export type PayloadSigner = (digest: string) => string

/** A private key, and its certificate with those that issued it, in that order. */
export type Signatory = { readonly key: KeyObject; readonly certificates: readonly X509Certificate[] }

/**
 * Opens a signer by the profile of DDAS (JAdES-B, ETSI TS 119 182-1): PS256 over the one line that names the header and its
 * value. ETSI's rule for the last line was not at hand; here no line end follows. Throws when the certificate is not valid.
 */
export function openPayloadSigner({ key, certificates }: Signatory, now: Date): PayloadSigner {
  const [own] = certificates
  if (now < own!.validFromDate || now > own!.validToDate)
    throw new Error('The settings are not right:\n- DDAS_CERTIFICATEN: the first is not valid today')
  const header = {
    alg: 'PS256',
    b64: false,
    crit: ['sigD', 'b64'],
    kid: createHash('sha256').update(own!.raw).digest('base64url'),
    x5c: certificates.map(({ raw }) => raw.toString('base64')),
    sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest'] }
  }
  const encoded = Buffer.from(JSON.stringify(header)).toString('base64url')
  const padding = constants.RSA_PKCS1_PSS_PADDING
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST
  return (digest) => {
    const signed = Buffer.from(`${encoded}.digest: ${digest}`)
    return `${encoded}..${sign('sha256', signed, { key, padding, saltLength }).toString('base64url')}`
  }
}
