-- monitor_telling: the figures of the national monitor on signals that are destroyed, per month of receipt and sector; those on
-- live signals are counted when they are asked for. `sector` is empty for all sectors together: a household with signals
-- of two sectors counts once there. Counts only. Kept: the figures outlive the signals.
create table monitor_telling (
  gemeentecode text not null references gemeente,
  maand date not null check (extract(day from maand) = 1),
  sector text not null check (sector ~ '^[a-z-]{0,40}$'),
  signalen integer not null,
  huishoudens integer not null,
  enkelvoudig integer not null,
  meervoudig integer not null,
  opeenvolgend integer not null,
  opgepakt integer not null,
  bereikt integer not null,
  hulp_aanvaard integer not null,
  primary key (gemeentecode, maand, sector)
);

alter table monitor_telling enable row level security, force row level security;
grant select, insert, update on monitor_telling to signaalhub_teller;
create policy teller on monitor_telling to signaalhub_teller
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- maandspoor: what a live signal keeps of those on its address that are destroyed already, so that the household of its
-- month counts once, with its match kind. A household counts when the last of its signals of that month goes; until then
-- `opgepakt`, `bereikt` and `hulp_aanvaard` are what the others were. No key or content of what is gone. Destroyed with
-- the signal.
create table maandspoor (
  gemeentecode text not null,
  vroegsignaal_id uuid not null,
  meervoudig boolean not null,
  opeenvolgend boolean not null,
  opgepakt boolean not null,
  bereikt boolean not null,
  hulp_aanvaard boolean not null,
  primary key (gemeentecode, vroegsignaal_id)
);

alter table maandspoor enable row level security, force row level security;
grant select, insert, update on maandspoor to signaalhub_teller;
create policy teller on maandspoor to signaalhub_teller
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));
-- It goes once its signal is gone: destroyed, or moved.
grant select (gemeentecode, vroegsignaal_id), delete on maandspoor to signaalhub_vernietiger, signaalhub_doorzender;
create policy vernietiger_zien on maandspoor for select to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy met_signaal on maandspoor for delete to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and not exists (select from vroegsignaal s
    where s.gemeentecode = maandspoor.gemeentecode and s.id = maandspoor.vroegsignaal_id offset 0));
create policy doorzender_zien on maandspoor for select to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()));
create policy doorzender_met_signaal on maandspoor for delete to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()) and not exists (select from vroegsignaal s
    where s.gemeentecode = maandspoor.gemeentecode and s.id = maandspoor.vroegsignaal_id offset 0));

-- The teller sees what it counts, also what is hidden from everyone and waits for the sweeper. It never sees the content.
grant select (gemeentecode, id, adres_index, status, sector, ontvangstdatum, vernietigingsaanleiding) on vroegsignaal
  to signaalhub_teller;
create policy teller on vroegsignaal for select to signaalhub_teller
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select (gemeentecode, id, resultaat) on vroegsignaalzaak to signaalhub_teller;
create policy teller on vroegsignaalzaak for select to signaalhub_teller
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select on zaak_vroegsignaal to signaalhub_teller;
create policy teller on zaak_vroegsignaal for select to signaalhub_teller
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select (gemeentecode, zaak_id, bereikt) on contactpoging to signaalhub_teller;
create policy teller on contactpoging for select to signaalhub_teller
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
