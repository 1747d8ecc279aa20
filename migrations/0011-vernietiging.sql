-- vernietiging: what was destroyed, how much and why, never about whom. A signed chain per municipality. Kept as proof
-- of destruction (AVG art. 5 lid 2).
create table vernietiging (
  gemeentecode text not null references gemeente,
  id uuid not null,
  volgnummer integer not null,
  uitgevoerd_op timestamptz not null,
  aanleiding text not null check (aanleiding in ('bewaartermijn', 'geen-hulp', 'wissing', 'bezwaar', 'intrekking')),
  aantal_vroegsignalen integer not null,
  aantal_huishoudens integer not null,
  bewijs text not null,
  primary key (gemeentecode, id),
  unique (gemeentecode, volgnummer)
);

alter table vernietiging enable row level security, force row level security;
grant select, insert on vernietiging to signaalhub_vernietiger;
create policy vernietiger on vernietiging to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select on vernietiging to signaalhub_gemeente;
create policy gemeente_lezen on vernietiging for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) or gemeentecode in (select hub_voorgangers()));
grant select on vernietiging to signaalhub_beheer;
create policy beheer_lezen on vernietiging for select to signaalhub_beheer using (true);

-- What the metrics say of the work that waits. Of marks their number, and of rows whose day has come that day: no row
-- before its day, no content and no id. The midnight at which the day of the transaction began says what has expired at
-- an instant, because the sweeper comes once a night.
create function hub_middernacht() returns timestamptz language sql stable parallel safe
  return hub_vandaag()::timestamp at time zone 'Europe/Amsterdam';

grant select (gemeentecode, instellingen) on gemeente to signaalhub_waarnemer;
grant select (gemeentecode, volgnummer) on huishouden_markering to signaalhub_waarnemer;
create policy waarnemer on huishouden_markering for select to signaalhub_waarnemer using (true);

-- The rows are those that the sweeper finds.
alter policy vernietiger_vinden on vroegsignaal to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_vinden on huishouden to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_vinden on huishouden_vervallen to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_vinden on gemeld_signaal to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_vinden on terugkoppeling to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_vinden on bezwaar to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_vinden on beperking to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_verlopen on aanlevering to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_verlopen on aanlevering_deel to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_verlopen on verwerkingsblad to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_verlopen on beheerhandeling to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger on aanmelding to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger_vinden on gebeurtenis to signaalhub_vernietiger, signaalhub_waarnemer;
alter policy vernietiger on dagverbruik to signaalhub_vernietiger, signaalhub_waarnemer;
create policy waarnemer_verlopen on idempotentie for select to signaalhub_waarnemer
  using (verloopt_op < (select hub_middernacht()));
create policy waarnemer_verlopen on gebruikte_assertie for select to signaalhub_waarnemer
  using (verloopt_op < (select hub_middernacht()));
grant select (vernietigingsdatum, vernietigingsaanleiding) on vroegsignaal to signaalhub_waarnemer;
grant select (eerste_verval, laatste_verval) on huishouden to signaalhub_waarnemer;
grant select (vernietigingsdatum) on gemeld_signaal, terugkoppeling, aanlevering, aanlevering_deel, aanmelding
  to signaalhub_waarnemer;
grant select (vervaldatum) on huishouden_vervallen, beperking to signaalhub_waarnemer;
grant select (einddatum) on bezwaar to signaalhub_waarnemer;
grant select (dag) on dagverbruik, gebeurtenis to signaalhub_waarnemer;
grant select (verloopt_op) on idempotentie, gebruikte_assertie to signaalhub_waarnemer;
grant select (gemeentecode, op) on verwerkingsblad to signaalhub_waarnemer;
grant select (op) on beheerhandeling to signaalhub_waarnemer;
