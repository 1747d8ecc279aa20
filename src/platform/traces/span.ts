/** A part of a trace that is over. Its name and attributes come from lists in the code: no URL, no id, no value of anybody. */
export type Span = {
  /** 32 hex digits. */
  readonly traceId: string
  /** 16 hex digits. */
  readonly spanId: string
  readonly parentSpanId?: string | undefined
  readonly name: string
  /** server: a request that was answered. client: something asked of the database. */
  readonly kind: 'server' | 'client'
  /** Milliseconds since 1970. */
  readonly start: number
  readonly milliseconds: number
  readonly isError: boolean
  readonly attributes: Readonly<Record<string, string | number>>
}

/** Where spans go. */
export type Collector = {
  /** Base address of OTLP over HTTP; `/v1/traces` comes behind it. */
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  /** Of the hub that sends them. */
  readonly version: string
}
