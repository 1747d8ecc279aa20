import fastify, { type FastifyError, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import type { Logger } from 'pino'
import { aanleveringRoutes } from './aanlevering/aanlevering-routes.ts'
import { leveringRoutes } from './aanlevering/leveringen/levering-routes.ts'
import { abonnementRoutes } from './abonnementen/abonnement-routes.ts'
import { abonnementgeheimRoutes } from './abonnementen/abonnementgeheim-routes.ts'
import { bezorgingRoutes } from './abonnementen/bezorging-routes.ts'
import { describeWebhooks } from './abonnementen/webhook-routes.ts'
import { adresregisterRoutes } from './adressen/register/register-routes.ts'
import { criteriaRoutes } from './beoordeling/criteria-routes.ts'
import { beperkingRoutes } from './betrokkenen/beperkingen/beperking-routes.ts'
import { bezwaarRoutes } from './betrokkenen/bezwaren/bezwaar-routes.ts'
import { inzageRoutes } from './betrokkenen/inzage/inzage-routes.ts'
import { rectificatieRoutes } from './betrokkenen/rectificaties/rectificatie-routes.ts'
import { wissingRoutes } from './betrokkenen/wissingen/wissing-routes.ts'
import { adresindicatieRoutes } from './huishoudens/adresindicatie-routes.ts'
import { huishoudenRoutes } from './huishoudens/huishouden-routes.ts'
import { deltaRoutes } from './huishoudens/volgen/delta-routes.ts'
import { aanmeldingRoutes } from './organisaties/aanmeldingen/aanmelding-routes.ts'
import { clientRoutes } from './organisaties/clients/client-routes.ts'
import { geheimRoutes } from './organisaties/clients/geheim-routes.ts'
import { gemeenteRoutes } from './organisaties/gemeenten/gemeente-routes.ts'
import { overeenkomstRoutes } from './organisaties/overeenkomsten/overeenkomst-routes.ts'
import { signaalpartnerRoutes } from './organisaties/signaalpartners/signaalpartner-routes.ts'
import type { PayloadSigner } from './platform/crypto/payload-signer.ts'
import { answerInTurn } from './platform/http/answer-in-turn.ts'
import { answerWhileClosing } from './platform/http/answer-while-closing.ts'
import { addBodyParsers } from './platform/http/body-parsers.ts'
import { addCompression } from './platform/http/compression.ts'
import { addDocs } from './platform/http/docs.ts'
import { addHeaders } from './platform/http/headers.ts'
import { healthRoutes } from './platform/http/health-routes.ts'
import { landingRoutes } from './platform/http/landing-routes.ts'
import { addLoadShedding, type LoadLimits } from './platform/http/load-shedding.ts'
import { refuseMalformedRequests, watchMethods } from './platform/http/methods.ts'
import { addNegotiation } from './platform/http/negotiation.ts'
import { addOpenApi, openApiRoutes } from './platform/http/openapi.ts'
import { addOperationChecks } from './platform/http/operation.ts'
import { addOuterPath } from './platform/http/outer-path.ts'
import { addProblemHandler, clientErrorHandler, frameworkErrors } from './platform/http/problem-handler.ts'
import { problemRoutes } from './platform/http/problem-routes.ts'
import { addRateLimit } from './platform/http/rate-limit.ts'
import { addRequestLog } from './platform/http/request-log.ts'
import { securityTxtRoutes } from './platform/http/security-txt-routes.ts'
import { addTrace } from './platform/http/trace.ts'
import type { App, TypeBoxProvider } from './platform/http/typebox.ts'
import { addUnreadBodies } from './platform/http/unread-bodies.ts'
import { metricsRoutes } from './platform/metrics/metrics-routes.ts'
import { addRequestMetrics } from './platform/metrics/request-metrics.ts'
import { type Outgoing, openOutgoing } from './platform/outgoing/outgoing.ts'
import type { Spans } from './platform/traces/open-spans.ts'
import { addRequestSpans } from './platform/traces/request-spans.ts'
import { addAuthentication } from './toegang/authenticate.ts'
import type { Hub } from './toegang/hub.ts'
import { oauthResponses } from './toegang/oauth-error-schema.ts'
import { tokenRoutes } from './toegang/token-routes.ts'
import { beheerhandelingenRoutes } from './verantwoording/beheerhandelingen-routes.ts'
import { ddasRoutes } from './verantwoording/ddas/ddas-routes.ts'
import { monitorRoutes } from './verantwoording/monitor-routes.ts'
import { partnermonitorRoutes } from './verantwoording/partnermonitor-routes.ts'
import { verwerkingenRoutes } from './verantwoording/verwerkingen-routes.ts'
import { verwerkingsregisterRoutes } from './verantwoording/verwerkingsregister-routes.ts'
import { vernietigingRoutes } from './vernietiging/vernietiging-routes.ts'
import { meldbewijsRoutes } from './vroegsignalen/meldbewijzen/meldbewijs-routes.ts'
import { vroegsignaalRoutes } from './vroegsignalen/vroegsignaal-routes.ts'
import { wijzigingRoutes } from './wijzigingen/wijziging-routes.ts'
import { betwistingRoutes } from './zaken/betwistingen/betwisting-routes.ts'
import { contactpogingRoutes } from './zaken/contactpoging-routes.ts'
import { doorzendingRoutes } from './zaken/doorzendingen/doorzending-routes.ts'
import { terugkoppelingRoutes } from './zaken/terugkoppelingen/terugkoppeling-routes.ts'
import { zaakRoutes } from './zaken/zaak-routes.ts'

/** The parts of the application. `isReady` answers `/health/ready`; `trustedProxies` are addresses or networks. */
export type AppOptions = {
  readonly hub: Hub
  readonly logger: Logger
  readonly trustedProxies?: readonly string[]
  readonly isReady: () => Promise<boolean>
  /** Seconds that an idle connection is kept: longer than a proxy keeps it, or a request falls into one that closes. */
  readonly keepAlive?: number
  /** When the process takes on no more; left out it always does. */
  readonly load?: LoadLimits
  /** Whether the metrics have a listener of their own, and so no route here. */
  readonly areMetricsApart?: boolean
  /** Where to report a vulnerability, as a URI. */
  readonly securityContact?: string | undefined
  /** Where requests are recorded, when they are traced. */
  readonly spans?: Spans | undefined
  /** Signs what Statistics Netherlands fetches. */
  readonly signDigest?: PayloadSigner | undefined
  /** Where receivers of events may be. */
  readonly outgoing?: Outgoing
}

/** Builds the hub as an HTTP application: first what all routes share, then each station in the order of a signal. */
export async function buildApp({
  hub,
  logger,
  isReady,
  areMetricsApart = false,
  securityContact,
  spans,
  signDigest,
  outgoing = openOutgoing(),
  ...options
}: AppOptions): Promise<App> {
  const app = openFastify(logger, options)
  const completeMethods = watchMethods(app)
  answerInTurn(app)
  addTrace(app, spans?.isRecorded)
  if (spans) addRequestSpans(app, spans)
  addRequestLog(app)
  addRequestMetrics(app, hub.metrics)
  addProblemHandler(app)
  addHeaders(app)
  addUnreadBodies(app)
  answerWhileClosing(app)
  refuseMalformedRequests(app)
  addNegotiation(app)
  addCompression(app)
  addOuterPath(app, hub.publicUrl)
  if (options.load) addLoadShedding(app, options.load)
  addRateLimit(app)
  addBodyParsers(app)
  addOperationChecks(app)
  addOpenApi(app, hub.publicUrl, { responses: oauthResponses, webhooks: describeWebhooks(hub.publicUrl) })
  addAuthentication(app, hub)

  app.after(() => {
    landingRoutes(app, hub.publicUrl)
    healthRoutes(app, isReady)
    if (!areMetricsApart) metricsRoutes(app, hub.metrics)
    securityTxtRoutes(app, hub, securityContact)
    tokenRoutes(app, hub)
    app.register(
      async (scope) => {
        const v1 = scope as App
        openApiRoutes(v1)
        problemRoutes(v1)
        gemeenteRoutes(v1, hub)
        signaalpartnerRoutes(v1, hub)
        overeenkomstRoutes(v1, hub)
        aanmeldingRoutes(v1, hub)
        clientRoutes(v1, hub)
        geheimRoutes(v1, hub)
        v1.register(async (csv) => adresregisterRoutes(csv as App, hub))
        aanleveringRoutes(v1, hub)
        // Awaited, or its routes would come after all others in the document.
        await v1.register(async (deliveries) => leveringRoutes(deliveries as App, hub))
        criteriaRoutes(v1, hub)
        vroegsignaalRoutes(v1, hub)
        wijzigingRoutes(v1, hub)
        meldbewijsRoutes(v1, hub)
        huishoudenRoutes(v1, hub)
        deltaRoutes(v1, hub)
        adresindicatieRoutes(v1, hub)
        zaakRoutes(v1, hub)
        contactpogingRoutes(v1, hub)
        terugkoppelingRoutes(v1, hub)
        betwistingRoutes(v1, hub)
        doorzendingRoutes(v1, hub)
        inzageRoutes(v1, hub)
        wissingRoutes(v1, hub)
        bezwaarRoutes(v1, hub)
        rectificatieRoutes(v1, hub)
        beperkingRoutes(v1, hub)
        abonnementRoutes(v1, hub, outgoing)
        abonnementgeheimRoutes(v1, hub)
        bezorgingRoutes(v1, hub)
        vernietigingRoutes(v1, hub)
        beheerhandelingenRoutes(v1, hub)
        monitorRoutes(v1, hub)
        partnermonitorRoutes(v1, hub)
        verwerkingenRoutes(v1, hub)
        verwerkingsregisterRoutes(v1, hub)
      },
      { prefix: '/v1' }
    )
    app.register(async (ddas) => ddasRoutes(ddas as App, hub, signDigest), { prefix: '/ddas/v1' })
  })
  app.after(() => {
    completeMethods()
    addDocs(app, hub)
  })
  await app.ready()
  return app
}

// Fastify's defaults log URLs and let a request take forever. Sizes are in bytes, times in milliseconds. A missing Host
// is answered by `refuseMalformedRequests`. `handlerTimeout` includes the reading of the body, and a route may set its own;
// for `requestTimeout` see `long-requests.ts`.
function openFastify(
  logger: Logger,
  { trustedProxies = [], keepAlive = 75 }: Pick<AppOptions, 'trustedProxies' | 'keepAlive'>
): App {
  return fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => crypto.randomUUID(),
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: 64 * 1024,
    requestTimeout: 300_000,
    connectionTimeout: 60_000,
    keepAliveTimeout: keepAlive * 1000,
    maxRequestsPerSocket: 1_000,
    // See `answer-while-closing.ts`.
    return503OnClosing: false,
    handlerTimeout: 300_000,
    routerOptions: { maxParamLength: 200 },
    http: {
      headersTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
      maxHeaderSize: 16 * 1024,
      requireHostHeader: false
    },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      frameworkErrors(error, request, reply),
    clientErrorHandler
  } as never).withTypeProvider<TypeBoxProvider>() as never
}
