/**
 * Everything that a partner may hear about its own signal (Bgs art. 17). `incassopauzeDagen`: how many days collection
 * is paused (LCV). `isAfgerond`: the signal is over for the partner and hidden from it, so that it cannot tell which of
 * several results this was, or whether the signal went on to another municipality.
 */
export const terugkoppelcodes = {
  opgepakt: { uitleg: 'de gemeente heeft het signaal opgepakt' },
  'niet-opgepakt': { uitleg: 'de gemeente pakt het signaal niet op; de reden wordt u niet meegedeeld' },
  'herhaalde-melding': { uitleg: 'het signaal herhaalt een eerder signaal' },
  'onterecht-signaal': {
    uitleg:
      'de achterstand lag onder het drempelbedrag of buiten de termijn van de gemeente; het signaal is vernietigd en het meldbewijs geldt niet meer'
  },
  overleden: { uitleg: 'de inwoner is overleden' },
  'geen-inwoner': {
    uitleg:
      'de inwoner woont niet (meer) in deze gemeente; u leest het signaal niet meer, het meldbewijs wel, en de referentie blijft bezet',
    isAfgerond: true
  },
  'wenst-geen-contact': { uitleg: 'de inwoner wil niet benaderd worden, en stemde ermee in dat u dat hoort' },
  'hulp-aanvaard': {
    uitleg: 'u schort de incasso op tot en met `incassopauzeTotEnMet`',
    incassopauzeDagen: 30
  },
  correctie: {
    uitleg:
      'wat u als laatste hoorde klopte niet: het signaal is weer opgepakt, en een incassopauze daaruit vervalt'
  },
  'schuldhulpverlening-loopt': { uitleg: 'de inwoner ontvangt schuldhulpverlening' },
  betwist: { uitleg: 'de gemeente betwist het signaal; zie /v1/betwistingen' },
  afgerond: {
    uitleg:
      'de gemeente is klaar met het signaal; u leest het niet meer, het meldbewijs wel, en de referentie blijft bezet',
    isAfgerond: true
  }
} as const satisfies Record<string, { uitleg: string; incassopauzeDagen?: number; isAfgerond?: true }>
export type Terugkoppelcode = keyof typeof terugkoppelcodes

export const terugkoppelcodelijst = Object.keys(terugkoppelcodes) as Terugkoppelcode[]

/** True when the code ends the signal for its partner. */
export function isAfgerond(code: Terugkoppelcode): boolean {
  return 'isAfgerond' in terugkoppelcodes[code]
}

/** Days that collection is paused after this code; undefined when it is not. */
export function incassopauzeDagen(code: Terugkoppelcode): number | undefined {
  const row = terugkoppelcodes[code]
  return 'incassopauzeDagen' in row ? row.incassopauzeDagen : undefined
}
