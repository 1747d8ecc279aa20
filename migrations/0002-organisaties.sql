-- gemeente: the municipalities and what each has settled. No personal data. Kept while it takes part.
create table gemeente (
  gemeentecode text primary key check (gemeentecode ~ '^[0-9]{4}$'),
  naam text not null,
  oin text,
  instellingen jsonb not null
);

-- signaalpartner: landlords, suppliers and insurers. No personal data. Kept while it takes part.
create table signaalpartner (
  id uuid primary key,
  naam text not null,
  sectoren text[] not null check (cardinality(sectoren) > 0),
  kvk_nummer text,
  oin text,
  status text not null check (status in ('actief', 'geschorst'))
);

-- overeenkomst: what a partner may send to a municipality. Holds the names of the two signatories, who act
-- for their organisation; kept as long as the agreement must be provable.
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
create index overeenkomst_signaalpartner on overeenkomst (signaalpartner_id, gemeentecode);
create unique index overeenkomst_id on overeenkomst (id);

-- True when both have signed, nobody intervened and the day lies within the term.
create function overeenkomst_geldt(o overeenkomst, dag date) returns boolean language sql immutable parallel safe
  return o.ondertekening_signaalpartner is not null and o.ondertekening_gemeente is not null
    and o.ingreep is null and o.ingangsdatum <= dag and (o.einddatum is null or o.einddatum >= dag);

-- client: the systems that may call. The name is that of a system, not of a person.
create table client (
  id uuid primary key,
  client_id text not null unique,
  naam text not null,
  rol text not null check (rol in ('signaalpartner', 'gemeente', 'beheer')),
  signaalpartner_id uuid references signaalpartner,
  gemeentecodes text[] not null default '{}',
  scopes text[] not null,
  jwks jsonb,
  ingetrokken_op timestamptz,
  check ((rol = 'signaalpartner') = (signaalpartner_id is not null)),
  check ((rol = 'gemeente') = (cardinality(gemeentecodes) > 0))
);

-- client_geheim: keyed hashes of client secrets; two may live during a rotation. No personal data.
create table client_geheim (
  client_id uuid not null references client on delete cascade,
  id uuid not null,
  hash bytea not null,
  aangemaakt_op timestamptz not null,
  primary key (client_id, id)
);

-- gebruikte_assertie: client assertions that were used, so that none is used twice. No personal data;
-- the sweeper removes what has expired.
create table gebruikte_assertie (
  client_id uuid not null references client on delete cascade,
  assertie_hash bytea not null,
  verloopt_op timestamptz not null,
  primary key (client_id, assertie_hash)
);

alter table overeenkomst enable row level security;
alter table overeenkomst force row level security;
alter table client enable row level security;
alter table client force row level security;
alter table client_geheim enable row level security;
alter table client_geheim force row level security;
alter table gebruikte_assertie enable row level security;
alter table gebruikte_assertie force row level security;

grant select on gemeente to signaalhub_beheer, signaalhub_signaalpartner, signaalhub_gemeente,
  signaalhub_matcher, signaalhub_vernietiger;
grant insert, update on gemeente to signaalhub_beheer;
alter table gemeente enable row level security;
alter table gemeente force row level security;
create policy lezen on gemeente for select using (true);
create policy beheer on gemeente to signaalhub_beheer using (true) with check (true);
grant update (instellingen) on gemeente to signaalhub_gemeente;
create policy eigen_instellingen on gemeente for update to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));

grant select on signaalpartner to signaalhub_beheer, signaalhub_signaalpartner, signaalhub_gemeente, signaalhub_toegang;
grant insert, update on signaalpartner to signaalhub_beheer;
alter table signaalpartner enable row level security;
alter table signaalpartner force row level security;
create policy lezen on signaalpartner for select to signaalhub_gemeente, signaalhub_toegang using (true);
create policy beheer on signaalpartner to signaalhub_beheer using (true) with check (true);
create policy eigen on signaalpartner for select to signaalhub_signaalpartner
  using (id = (select hub_signaalpartner_id()));

grant select, insert, update on overeenkomst to signaalhub_beheer;
create policy beheer on overeenkomst to signaalhub_beheer using (true) with check (true);
-- The right to update its own signature is also what lets a partner's transaction lock the row against change.
grant select, update (ondertekening_signaalpartner) on overeenkomst to signaalhub_signaalpartner;
create policy eigen_signaalpartner on overeenkomst to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()))
  with check (signaalpartner_id = (select hub_signaalpartner_id()));
grant select, update (ondertekening_gemeente) on overeenkomst to signaalhub_gemeente;
create policy eigen_gemeente on overeenkomst to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));

grant select, insert, update on client to signaalhub_beheer;
grant select, insert, delete on client_geheim to signaalhub_beheer;
create policy beheer on client to signaalhub_beheer using (true) with check (true);
create policy beheer on client_geheim to signaalhub_beheer using (true) with check (true);
grant select on client, client_geheim to signaalhub_toegang;
create policy toegang on client for select to signaalhub_toegang using (true);
create policy toegang on client_geheim for select to signaalhub_toegang using (true);
grant select, insert on gebruikte_assertie to signaalhub_toegang;
create policy toegang on gebruikte_assertie to signaalhub_toegang using (true) with check (true);
grant select, delete on gebruikte_assertie to signaalhub_vernietiger;
create policy vernietiger on gebruikte_assertie to signaalhub_vernietiger using (true);
