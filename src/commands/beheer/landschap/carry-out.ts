import type { Sender } from '../../sending/send-file.ts'
import { patchJson, postJson } from '../../sending/send-json.ts'
import type { Geheimen } from './keep-geheimen.ts'
import { type Found, hasSecret, type Plan, type Verbintenis, type Verzoek } from './plan.ts'
import { keyOfVerbintenis, termsOf } from './plan-overeenkomsten.ts'

type Made = { readonly id: string }
type NieuweClient = Made & { readonly clientId: string; readonly clientSecret?: string }

/**
 * Carries out a plan, one request after another, and hears of each. Secrets are kept as soon as they are known. Rejects at
 * the first request that is refused; what was done by then is done, and a new plan leaves it out.
 */
export async function carryOut(
  sender: Sender,
  { stappen }: Plan,
  found: Found,
  geheimen: Geheimen | undefined,
  onDone: (share: number) => void
): Promise<void> {
  const carry = openCarrier(sender, found, geheimen)
  const verzoeken = stappen.flatMap((stap) => stap.verzoeken)
  for (const [done, verzoek] of verzoeken.entries()) {
    await carry(verzoek)
    onDone((done + 1) / verzoeken.length)
  }
}

function openCarrier(sender: Sender, found: Found, geheimen: Geheimen | undefined) {
  const partners = new Map(found.signaalpartners.map(({ naam, id }) => [naam, id]))
  const names = new Map(found.signaalpartners.map(({ naam, id }) => [id, naam]))
  const overeenkomsten = new Map(
    found.overeenkomsten.map((one) => [
      keyOfVerbintenis({ ...one, signaalpartner: names.get(one.signaalpartnerId) ?? '' }),
      one.id
    ])
  )
  const signers = new Map<string, Sender>()
  const post = <Answer = Made>(path: string, body: object) => postJson<Answer>(sender, path, body)

  const newSecret = async (key: string, { id, clientId }: Pick<NieuweClient, 'id' | 'clientId'>) => {
    const { clientSecret } = await post<{ clientSecret?: string }>(`/v1/clients/${id}/geheimen`, {})
    if (clientSecret === undefined)
      throw new Error(
        `Van client ${key} raakte het nieuwe geheim onderweg verloren; voer de opdracht opnieuw uit.`
      )
    geheimen?.keep({ client: key, clientId, clientSecret })
  }
  const signerOf = (key: string): Sender => {
    const known = signers.get(key)
    if (known !== undefined) return known
    const { clientId = '', clientSecret = '' } = geheimen?.of(key) ?? {}
    const signer = { hubUrl: sender.hubUrl, clientId, clientSecret }
    signers.set(key, signer)
    return signer
  }

  return async (verzoek: Verzoek): Promise<void> => {
    switch (verzoek.soort) {
      case 'wijzigen':
        await patchJson(sender, verzoek.path, verzoek.body)
        return
      case 'gemeente':
        await post('/v1/gemeenten', verzoek.body)
        return
      case 'signaalpartner':
        partners.set(verzoek.naam, (await post('/v1/signaalpartners', verzoek.body)).id)
        return
      case 'overeenkomst': {
        const { id } = await post('/v1/overeenkomsten', bodyOf(verzoek.verbintenis, partners))
        overeenkomsten.set(keyOfVerbintenis(verzoek.verbintenis), id)
        return
      }
      case 'client': {
        const { key, client } = verzoek
        const { signaalpartner, ...fields } = client
        if (hasSecret(client)) geheimen?.keep({ client: key })
        const made = await post<NieuweClient>('/v1/clients', {
          ...fields,
          ...(signaalpartner !== undefined && { signaalpartnerId: partners.get(signaalpartner) })
        })
        const { clientId, clientSecret } = made
        if (clientSecret !== undefined) geheimen?.keep({ client: key, clientId, clientSecret })
        // Its first answer was lost on the way, and the second does not show it.
        else if (hasSecret(client)) await newSecret(key, made)
        return
      }
      case 'geheim':
        await newSecret(verzoek.key, verzoek.client)
        return
      case 'ondertekening': {
        const { verbintenis, partij, ondertekenaar } = verzoek
        const id = overeenkomsten.get(keyOfVerbintenis(verbintenis))
        const body = verbintenis.ondertekening![partij]!
        await postJson(signerOf(ondertekenaar), `/v1/overeenkomsten/${id}/ondertekeningen`, body)
      }
    }
  }
}

function bodyOf(verbintenis: Verbintenis, partners: ReadonlyMap<string, string>): object {
  const { signaalpartner, gemeentecode, ingangsdatum } = verbintenis
  return {
    signaalpartnerId: partners.get(signaalpartner),
    gemeentecode,
    ingangsdatum,
    ...termsOf(verbintenis)
  }
}
