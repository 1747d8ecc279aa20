/**
 * All that a partner may hear about its own signal (Bgs art. 17): the whole whitelist. `incassopauzeDagen`: how long
 * collection rests (LCV). `isAfgerond`: the signal is over for the partner, who sees it no more, so that nothing
 * shows which of the results behind it this was.
 */
export const terugkoppelcodes = {
  opgepakt: { uitleg: 'de gemeente heeft het signaal opgepakt' },
  'niet-opgepakt': { uitleg: 'de gemeente pakt het signaal niet op; waarom hoort u nooit' },
  'herhaalde-melding': { uitleg: 'het signaal herhaalt een eerder signaal' },
  'onterecht-signaal': { uitleg: 'het signaal had niet gegeven mogen worden' },
  overleden: { uitleg: 'de inwoner is overleden' },
  'geen-inwoner': { uitleg: 'de inwoner woont niet (meer) in deze gemeente' },
  'wenst-geen-contact': { uitleg: 'de inwoner wil niet benaderd worden' },
  'hulp-aanvaard': { uitleg: 'de inwoner heeft hulp aanvaard; de incasso rust', incassopauzeDagen: 30 },
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

/** True for what ends a signal for its partner. */
export function isAfgerond(code: Terugkoppelcode): boolean {
  return 'isAfgerond' in terugkoppelcodes[code]
}

/** Days for which collection rests after this; undefined when it does not. */
export function incassopauzeDagen(code: Terugkoppelcode): number | undefined {
  const row = terugkoppelcodes[code]
  return 'incassopauzeDagen' in row ? row.incassopauzeDagen : undefined
}
