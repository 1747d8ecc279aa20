-- gemeente: the municipalities that take part, and their settings. No personal data. Kept.
create table gemeente (
  gemeentecode text primary key check (gemeentecode ~ '^[0-9]{4}$'),
  naam text not null,
  oin text,
  instellingen jsonb not null
);

alter table gemeente enable row level security, force row level security;
grant select on gemeente to signaalhub_beheer, signaalhub_signaalpartner, signaalhub_gemeente, signaalhub_herleider,
  signaalhub_matcher, signaalhub_vernietiger, signaalhub_verzegelaar;
create policy lezen on gemeente for select to signaalhub_signaalpartner, signaalhub_gemeente, signaalhub_herleider,
  signaalhub_matcher, signaalhub_vernietiger, signaalhub_verzegelaar, signaalhub_waarnemer using (true);

grant insert, update on gemeente to signaalhub_beheer;
create policy beheer on gemeente to signaalhub_beheer using (true) with check (true);

grant update (instellingen) on gemeente to signaalhub_gemeente;
create policy eigen_instellingen on gemeente for update to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- herindeling: municipalities that merge into another one (Wet arhi): `van` is its successor's, `naar`, from `datum` on.
-- `opvolger`: who has what was `van`'s today; another than `naar` once that has merged too. `uitgevoerd_op`: when the hub had
-- handed everything over. Planned and withdrawn by the operator before that day. No personal data. Kept, because logs and
-- proofs of `van` stay under its code.
create table herindeling (
  van text primary key references gemeente,
  naar text not null references gemeente,
  datum date not null,
  opvolger text not null references gemeente,
  gepland_op timestamptz not null,
  uitgevoerd_op timestamptz,
  check (van <> naar and van <> opvolger)
);

alter table herindeling enable row level security, force row level security;
-- That a municipality merges is public.
grant select on herindeling to signaalhub_beheer, signaalhub_signaalpartner, signaalhub_gemeente, signaalhub_herindeler;
create policy lezen on herindeling for select to signaalhub_beheer, signaalhub_signaalpartner, signaalhub_gemeente,
  signaalhub_herindeler using (true);
grant insert, delete on herindeling to signaalhub_beheer;
create policy plannen on herindeling for insert to signaalhub_beheer
  with check (datum > hub_vandaag() and uitgevoerd_op is null and opvolger = naar);
create policy intrekken on herindeling for delete to signaalhub_beheer using (datum > hub_vandaag());
grant update (opvolger, uitgevoerd_op) on herindeling to signaalhub_herindeler;
create policy uitvoeren on herindeling for update to signaalhub_herindeler using (datum <= hub_vandaag());

-- True when the first municipality of the context has merged into the second one by the day of the transaction.
create function hub_herindeling_geldt() returns boolean language sql stable parallel safe return exists (
  select from herindeling h
  where h.van = hub_gemeente_van() and h.naar = hub_gemeente_naar() and h.datum <= hub_vandaag());

-- The municipalities that merged into those of the caller. Their logs and proofs stay under their own codes.
create function hub_voorgangers() returns setof text language sql stable parallel safe begin atomic
  select h.van from herindeling h where h.opvolger = any (hub_gemeentecodes()) and h.datum <= hub_vandaag();
end;

-- signaalpartner: the landlords, suppliers and insurers that take part. No personal data. Kept.
create table signaalpartner (
  id uuid primary key,
  naam text not null,
  sectoren text[] not null check (cardinality(sectoren) > 0),
  kvk_nummer text,
  oin text,
  status text not null check (status in ('actief', 'geschorst'))
);

alter table signaalpartner enable row level security, force row level security;
grant select, insert, update on signaalpartner to signaalhub_beheer;
create policy beheer on signaalpartner to signaalhub_beheer using (true) with check (true);

grant select on signaalpartner to signaalhub_gemeente, signaalhub_toegang;
create policy lezen on signaalpartner for select to signaalhub_gemeente, signaalhub_toegang using (true);

grant select on signaalpartner to signaalhub_signaalpartner;
create policy eigen on signaalpartner for select to signaalhub_signaalpartner
  using (id in (select h.signaalpartner_id from hub_herkomsten() h));

-- overeenkomst: what a partner may send to a municipality. Holds the names and functions of the two signatories, who
-- act for their organisation. Kept, because an agreement must stay provable.
create table overeenkomst (
  gemeentecode text not null references gemeente,
  id uuid not null,
  signaalpartner_id uuid not null references signaalpartner,
  sectoren text[] not null check (cardinality(sectoren) > 0),
  convenantversie text not null,
  ingangsdatum date not null,
  einddatum date check (einddatum >= ingangsdatum),
  ingreep text check (ingreep in ('opgeschort', 'beeindigd')),
  ondertekening_signaalpartner jsonb,
  ondertekening_gemeente jsonb,
  primary key (gemeentecode, id)
);
create unique index overeenkomst_id on overeenkomst (id);
create index overeenkomst_signaalpartner on overeenkomst (signaalpartner_id, gemeentecode);

-- True when both parties have signed, the agreement is not suspended or ended, and the day is within its term.
create function overeenkomst_geldt(o overeenkomst, dag date) returns boolean language sql immutable parallel safe
  return o.ondertekening_signaalpartner is not null and o.ondertekening_gemeente is not null
    and o.ingreep is null and o.ingangsdatum <= dag and (o.einddatum is null or o.einddatum >= dag);

alter table overeenkomst enable row level security, force row level security;
grant select, insert, update on overeenkomst to signaalhub_beheer;
create policy beheer on overeenkomst to signaalhub_beheer using (true) with check (true);

-- Without the right to update a column, here its own signature, a partner could not lock the row.
grant select, update (ondertekening_signaalpartner) on overeenkomst to signaalhub_signaalpartner;
create policy eigen_signaalpartner on overeenkomst to signaalhub_signaalpartner
  using (signaalpartner_id in (select h.signaalpartner_id from hub_herkomsten() h))
  with check (signaalpartner_id = (select hub_signaalpartner_id()));

grant select, update (ondertekening_gemeente) on overeenkomst to signaalhub_gemeente;
create policy eigen_gemeente on overeenkomst to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- Whether the partner of a signal may send to the municipality that it moves to.
grant select on overeenkomst to signaalhub_doorzender;
create policy doorzender on overeenkomst for select to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_naar()));

-- client: the systems that may call. `naam` is the name of a system, not of a person. `uitgever` is the one issuer whose
-- tokens act for the client; null is the hub itself. After `einddatum` it works no more. `laatst_gebruikt_op` is exact to
-- the hour. `toegepaste_geheimen`: keyed hashes of the secrets that the setting ever gave to the operator's client, so that
-- none comes back. Kept.
create table client (
  id uuid primary key,
  client_id text not null unique,
  naam text not null,
  rol text not null check (rol in ('signaalpartner', 'gemeente', 'beheer')),
  signaalpartner_id uuid references signaalpartner,
  gemeentecodes text[] not null default '{}',
  scopes text[] not null,
  jwks jsonb,
  uitgever text,
  aangemaakt_op timestamptz not null,
  laatst_gebruikt_op timestamptz,
  einddatum date,
  toegepaste_geheimen bytea[] not null default '{}',
  ingetrokken_op timestamptz,
  check ((rol = 'signaalpartner') = (signaalpartner_id is not null)),
  check ((rol = 'gemeente') = (cardinality(gemeentecodes) > 0)),
  check (uitgever is null or jwks is null)
);

alter table client enable row level security, force row level security;
grant select, insert, update on client to signaalhub_beheer;
create policy beheer on client to signaalhub_beheer using (true) with check (true);
grant select, update (laatst_gebruikt_op) on client to signaalhub_toegang;
create policy toegang on client for select to signaalhub_toegang using (true);
create policy gebruik on client for update to signaalhub_toegang using (true) with check (true);
-- What a client may no longer see is not delivered to it either.
grant select (id, gemeentecodes, scopes, ingetrokken_op) on client to signaalhub_bezorger;
create policy bezorger on client for select to signaalhub_bezorger using (true);

-- aanmelding: a partner that applies, until the operator has decided and half a year after it came. `inhoud` is encrypted:
-- a landlord may be a person, and has a contact person. `verzoek_hash` is the keyed hash of an Idempotency-Key and what came
-- with it. Anyone may apply, and sees nothing of it afterwards. Deleted by the sweeper.
create table aanmelding (
  id uuid primary key,
  ontvangen_op timestamptz not null,
  status text not null check (status in ('ontvangen', 'toegelaten', 'afgewezen')),
  vernietigingsdatum date not null,
  verzoek_hash bytea unique,
  inhoud bytea not null
);
create index aanmelding_status on aanmelding (status);
create index aanmelding_vernietigingsdatum on aanmelding (vernietigingsdatum);

alter table aanmelding enable row level security, force row level security;
-- It counts what is open, and knows a repeat.
grant insert, select (id, status, verzoek_hash) on aanmelding to signaalhub_toegang;
create policy aanmelden on aanmelding for insert to signaalhub_toegang with check (status = 'ontvangen');
create policy herkennen on aanmelding for select to signaalhub_toegang using (true);
grant select, update (status, inhoud) on aanmelding to signaalhub_beheer;
create policy beheer on aanmelding to signaalhub_beheer using (vernietigingsdatum > hub_vandaag())
  with check (vernietigingsdatum > hub_vandaag());
grant select, delete on aanmelding to signaalhub_vernietiger;
create policy vernietiger on aanmelding to signaalhub_vernietiger using (vernietigingsdatum <= hub_vandaag());
