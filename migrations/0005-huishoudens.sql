-- huishouden: the live signals on one address, counted. An address key, not a household of the population register.
-- Derived from vroegsignaal; vanishes with its last live signal. The address itself is only in the signals.
create table huishouden (
  gemeentecode text not null references gemeente,
  id uuid not null,
  adres_index bytea not null,
  matchsoorten text[] not null,
  crisis boolean not null,
  jongere boolean not null,
  vroegsignaal_ids uuid[] not null check (cardinality(vroegsignaal_ids) > 0),
  aantal_signalen integer not null check (aantal_signalen = cardinality(vroegsignaal_ids)),
  aantal_signaalpartners integer not null,
  sectoren text[] not null,
  totaalbedrag_in_centen bigint not null,
  eerste_signaal_op timestamptz not null,
  laatste_signaal_op timestamptz not null,
  reactiedatum date not null,
  opgepakt integer not null,
  eerste_verval date not null,
  laatste_verval date not null,
  primary key (gemeentecode, id)
);
create unique index huishouden_adres on huishouden (gemeentecode, adres_index);
create index huishouden_volgorde on huishouden (gemeentecode, crisis desc, reactiedatum, id);
create index huishouden_eerste_verval on huishouden (eerste_verval, gemeentecode);

-- huishouden_markering: addresses whose signals changed, appended in the transaction of the change and consumed
-- by the matcher. Append-only: a mark shared by two writers would be lost when one of them commits late.
create table huishouden_markering (
  gemeentecode text not null,
  volgnummer bigint generated always as identity,
  adres_index bytea not null,
  primary key (gemeentecode, volgnummer)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

alter table huishouden enable row level security;
alter table huishouden force row level security;
alter table huishouden_markering enable row level security;
alter table huishouden_markering force row level security;

grant insert on huishouden_markering to signaalhub_signaalpartner, signaalhub_gemeente, signaalhub_matcher,
  signaalhub_vernietiger;
create policy markeren on huishouden_markering for insert to signaalhub_gemeente, signaalhub_matcher,
  signaalhub_vernietiger
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
create policy partner_markeert on huishouden_markering for insert to signaalhub_signaalpartner
  with check (gemeentecode in (
    select o.gemeentecode from overeenkomst o where o.signaalpartner_id = (select hub_signaalpartner_id())));
grant select, delete on huishouden_markering to signaalhub_matcher;
-- Finding the municipalities that have work is the one thing the matcher does across tenants.
create policy matcher_vinden on huishouden_markering for select to signaalhub_matcher using (true);
create policy matcher_verwerken on huishouden_markering for delete to signaalhub_matcher
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));

grant select, insert, update, delete on huishouden to signaalhub_matcher;
create policy matcher on huishouden to signaalhub_matcher
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));

grant select on huishouden to signaalhub_gemeente;
create policy gemeente_lezen on huishouden for select to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]) and laatste_verval > (select hub_vandaag()));

grant select (gemeentecode, id, adres_index, laatste_verval), delete on huishouden to signaalhub_vernietiger;
create policy vernietiger_zien on huishouden for select to signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
-- Like a live signal, a household that still has one is out of the sweeper's reach.
create policy vernietiger_leeg on huishouden for delete to signaalhub_vernietiger
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]) and not exists (
    select from vroegsignaal s where s.gemeentecode = huishouden.gemeentecode and s.adres_index = huishouden.adres_index
      and s.vernietigingsdatum > (select hub_vandaag()) and s.status <> 'ingetrokken'));
