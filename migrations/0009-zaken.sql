-- vroegsignaalzaak: what a municipality does about the residents of one address (Wgs art. 4): when the case began and
-- how it ended. Hidden from `vernietigingsdatum` on, the latest of its signals, and destroyed with the last of them.
-- `afgesloten_op`: when it got its result, which tells which of a signal's cases is the last.
-- `samengevoegd`: its household was joined with another, so it may be open beside the other's case.
create table vroegsignaalzaak (
  gemeentecode text not null references gemeente,
  id uuid not null,
  huishouden_id uuid not null,
  adres_index bytea not null,
  datum_opgepakt date not null,
  resultaat text check (resultaat ~ '^[a-z-]{1,60}$'),
  resultaatdatum date,
  afgesloten_op timestamptz,
  vernietigingsdatum date not null,
  samengevoegd boolean not null default false,
  primary key (gemeentecode, id),
  check ((resultaat is null) = (resultaatdatum is null)),
  check ((resultaat is null) = (afgesloten_op is null))
);
create unique index vroegsignaalzaak_open on vroegsignaalzaak (gemeentecode, huishouden_id)
  where resultaat is null and not samengevoegd;
create index vroegsignaalzaak_volgorde on vroegsignaalzaak (gemeentecode, datum_opgepakt desc, id);
create index vroegsignaalzaak_id on vroegsignaalzaak (id);
create index vroegsignaalzaak_huishouden on vroegsignaalzaak (huishouden_id);

alter table vroegsignaalzaak enable row level security, force row level security;
grant select, insert, update (resultaat, resultaatdatum, afgesloten_op, vernietigingsdatum) on vroegsignaalzaak
  to signaalhub_gemeente;
create policy gemeente on vroegsignaalzaak to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and vernietigingsdatum > (select hub_vandaag()))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- A case that loses signals and stays is hidden no later than the signals that are left. A withdrawn signal waits for
-- the end of an open case. Only a municipality makes a day later.
grant select (gemeentecode, id, vernietigingsdatum), update (vernietigingsdatum), delete on vroegsignaalzaak
  to signaalhub_vernietiger, signaalhub_afhandelaar, signaalhub_doorzender;
grant select (resultaat) on vroegsignaalzaak to signaalhub_afhandelaar;
create policy zien on vroegsignaalzaak for select to signaalhub_vernietiger, signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy doorzender_zien on vroegsignaalzaak for select to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()));
create policy vervroegen on vroegsignaalzaak for update to signaalhub_vernietiger, signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy doorzender_vervroegen on vroegsignaalzaak for update to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van())) with check (gemeentecode = (select hub_gemeente_van()));
create function zaak_niet_later() returns trigger language plpgsql as $$
begin
  if current_user in ('signaalhub_vernietiger', 'signaalhub_afhandelaar', 'signaalhub_doorzender') then
    raise exception 'a case is not kept longer' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger zaak_niet_later before update of vernietigingsdatum on vroegsignaalzaak for each row
  when (new.vernietigingsdatum > old.vernietigingsdatum) execute function zaak_niet_later();

-- A case comes along with its household.
grant select (gemeentecode, id, huishouden_id, adres_index, resultaat),
  update (huishouden_id, adres_index, samengevoegd) on vroegsignaalzaak to signaalhub_herleider;
create policy herleider on vroegsignaalzaak to signaalhub_herleider
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- zaak_vroegsignaal: the signals of a case. Random ids only. Destroyed with the signal.
-- `buiten_resultaat`: the result of the case is not about this signal, but about another person on the address.
create table zaak_vroegsignaal (
  gemeentecode text not null,
  zaak_id uuid not null,
  vroegsignaal_id uuid not null,
  buiten_resultaat boolean not null default false,
  primary key (gemeentecode, zaak_id, vroegsignaal_id),
  foreign key (gemeentecode, zaak_id) references vroegsignaalzaak on delete cascade on update cascade
);
create index zaak_vroegsignaal_signaal on zaak_vroegsignaal (vroegsignaal_id, gemeentecode);

alter table zaak_vroegsignaal enable row level security, force row level security;
grant select, insert, update (buiten_resultaat) on zaak_vroegsignaal to signaalhub_gemeente;
create policy gemeente_lezen on zaak_vroegsignaal for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy gemeente_opnemen on zaak_vroegsignaal for insert to signaalhub_gemeente
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and exists (
    select from vroegsignaal s
    where s.gemeentecode = zaak_vroegsignaal.gemeentecode and s.id = zaak_vroegsignaal.vroegsignaal_id offset 0));
create policy gemeente_betreffen on zaak_vroegsignaal for update to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));
grant select on zaak_vroegsignaal to signaalhub_herleider;
create policy herleider on zaak_vroegsignaal for select to signaalhub_herleider
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
-- It goes once its signal is gone: destroyed, or moved.
grant select, delete on zaak_vroegsignaal to signaalhub_vernietiger, signaalhub_doorzender;
grant select on zaak_vroegsignaal to signaalhub_afhandelaar;
create policy zien on zaak_vroegsignaal for select to signaalhub_vernietiger, signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy doorzender_zien on zaak_vroegsignaal for select to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()));
create policy met_signaal on zaak_vroegsignaal for delete to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and not exists (select from vroegsignaal s
    where s.gemeentecode = zaak_vroegsignaal.gemeentecode and s.id = zaak_vroegsignaal.vroegsignaal_id offset 0));
create policy doorzender_met_signaal on zaak_vroegsignaal for delete to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()) and not exists (select from vroegsignaal s
    where s.gemeentecode = zaak_vroegsignaal.gemeentecode and s.id = zaak_vroegsignaal.vroegsignaal_id offset 0));

-- A case can be deleted only when no signal is left in it.
create policy doorzender_met_laatste_signaal on vroegsignaalzaak for delete to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()) and not exists (
    select from zaak_vroegsignaal k
    where k.gemeentecode = vroegsignaalzaak.gemeentecode and k.zaak_id = vroegsignaalzaak.id));
create policy met_laatste_signaal on vroegsignaalzaak for delete to signaalhub_vernietiger, signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and not exists (
    select from zaak_vroegsignaal k
    where k.gemeentecode = vroegsignaalzaak.gemeentecode and k.zaak_id = vroegsignaalzaak.id));

-- contactpoging: when and how the municipality sought the residents, and whether it reached them (Wgs art. 4).
-- Destroyed with the case.
create table contactpoging (
  gemeentecode text not null,
  zaak_id uuid not null,
  id uuid not null,
  soort text not null check (soort ~ '^[a-z-]{1,40}$'),
  datum date not null,
  dagdeel text check (dagdeel in ('ochtend', 'middag', 'avond')),
  bereikt boolean not null,
  wenst_geen_contact boolean not null,
  toestemmingsdatum date,
  primary key (gemeentecode, zaak_id, id),
  foreign key (gemeentecode, zaak_id) references vroegsignaalzaak on delete cascade on update cascade
);

alter table contactpoging enable row level security, force row level security;
grant select, insert on contactpoging to signaalhub_gemeente;
create policy gemeente on contactpoging to signaalhub_gemeente
  using (exists (
    select from vroegsignaalzaak z where z.gemeentecode = contactpoging.gemeentecode and z.id = contactpoging.zaak_id))
  with check (exists (
    select from vroegsignaalzaak z where z.gemeentecode = contactpoging.gemeentecode and z.id = contactpoging.zaak_id));

-- terugkoppeling: what a partner hears about its own signal, one word of the whitelist each (Bgs art. 17). `inhoud` is
-- the partner's reference, encrypted under the data key of `vernietigingsdatum`. That is the day the signal's own term
-- ends, also when the signal was destroyed sooner: the partner must not learn that from its feed. Destroyed on that day,
-- or with the signal when that must go at once.
create table terugkoppeling (
  gemeentecode text not null references gemeente,
  id uuid not null,
  signaalpartner_id uuid not null references signaalpartner,
  volgnummer bigint not null,
  vroegsignaal_id uuid not null,
  code text not null check (code ~ '^[a-z-]{1,40}$'),
  op timestamptz not null,
  incassopauze_tot_en_met date,
  betrokkene_pseudoniem bytea not null,
  vernietigingsdatum date not null,
  inhoud bytea not null,
  primary key (gemeentecode, id)
);
create unique index terugkoppeling_volgorde on terugkoppeling (signaalpartner_id, volgnummer);
create index terugkoppeling_signaal on terugkoppeling (gemeentecode, vroegsignaal_id);
create index terugkoppeling_vernietigingsdatum on terugkoppeling (vernietigingsdatum, gemeentecode);

alter table terugkoppeling enable row level security, force row level security;
grant select on terugkoppeling to signaalhub_signaalpartner;
create policy eigen_lezen on terugkoppeling for select to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()) and vernietigingsdatum > (select hub_vandaag()));

-- A municipality writes what the partner of its own signal hears, for the signal's own term, and can never read it back. Of
-- a signal that was sent on to it the partner hears nothing more.
grant insert on terugkoppeling to signaalhub_gemeente;
create policy gemeente_geven on terugkoppeling for insert to signaalhub_gemeente
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and exists (
    select from vroegsignaal s
    where s.gemeentecode = terugkoppeling.gemeentecode and s.id = terugkoppeling.vroegsignaal_id
      and s.signaalpartner_id = terugkoppeling.signaalpartner_id and s.doorgezonden_van is null
      and s.sleuteldag = terugkoppeling.vernietigingsdatum offset 0));

-- What was said of a signal moves with it, so that erasing the signal there also erases this.
grant select (gemeentecode, vroegsignaal_id), update (gemeentecode) on terugkoppeling to signaalhub_doorzender;
create policy doorzender_zien on terugkoppeling for select to signaalhub_doorzender
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy doorzender_verhuizen on terugkoppeling for update to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()))
  with check (gemeentecode = (select hub_gemeente_naar()) and exists (
    select from vroegsignaal s
    where s.gemeentecode = terugkoppeling.gemeentecode and s.id = terugkoppeling.vroegsignaal_id offset 0));

-- A resident may know what partners were told; and when a partner withdraws a signal that is over for it, nothing is left.
grant select (gemeentecode, vroegsignaal_id, id, signaalpartner_id, code, op, incassopauze_tot_en_met), delete
  on terugkoppeling to signaalhub_afhandelaar;
create policy afhandelaar_zien on terugkoppeling for select to signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy afhandelaar_ingetrokken on terugkoppeling for delete to signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and not exists (
    select from vroegsignaal s
    where s.gemeentecode = terugkoppeling.gemeentecode and s.id = terugkoppeling.vroegsignaal_id
      and s.status <> 'ingetrokken' offset 0));

grant select (gemeentecode, vroegsignaal_id, vernietigingsdatum), delete on terugkoppeling to signaalhub_vernietiger;
create policy vernietiger_zien on terugkoppeling for select to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy vernietiger_met_signaal on terugkoppeling for delete to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and (vernietigingsdatum <= (select hub_vandaag())
    or not exists (select from vroegsignaal s
      where s.gemeentecode = terugkoppeling.gemeentecode and s.id = terugkoppeling.vroegsignaal_id offset 0)));
create policy vernietiger_vinden on terugkoppeling for select to signaalhub_vernietiger
  using ((select hub_gemeentecodes()) is null and vernietigingsdatum <= (select hub_vandaag()));

-- terugkoppeling_stand: the last number of each partner's feed. The row is locked from taking a number until the
-- commit, so that no number appears behind a reader. No personal data. Kept.
create table terugkoppeling_stand (
  signaalpartner_id uuid primary key references signaalpartner,
  laatste bigint not null
);

alter table terugkoppeling_stand enable row level security, force row level security;
-- A municipality counts on for the partners that it has or had an agreement with (each has one before its first signal),
-- and nobody counts back: a number given twice would stay behind whoever reads on.
grant select, insert, update (laatste) on terugkoppeling_stand to signaalhub_gemeente;
create policy gemeente on terugkoppeling_stand to signaalhub_gemeente
  using (exists (select from overeenkomst o where o.signaalpartner_id = terugkoppeling_stand.signaalpartner_id
    and o.gemeentecode = any (hub_gemeentecodes()) offset 0))
  with check (exists (select from overeenkomst o where o.signaalpartner_id = terugkoppeling_stand.signaalpartner_id
    and o.gemeentecode = any (hub_gemeentecodes()) offset 0));
create function terugkoppeling_stand_telt_op() returns trigger language plpgsql as $$
begin
  raise exception 'the number of a feed only rises' using errcode = 'insufficient_privilege';
end $$;
create trigger terugkoppeling_stand_telt_op before update on terugkoppeling_stand for each row
  when (new.laatste <= old.laatste) execute function terugkoppeling_stand_telt_op();

-- betwisting: a municipality's objection to a careless signal, and the partner's answer. What both wrote is encrypted
-- in `inhoud` under the signal's data key, that of `sleuteldag`. Destroyed with the signal.
create table betwisting (
  gemeentecode text not null references gemeente,
  id uuid not null,
  vroegsignaal_id uuid not null,
  signaalpartner_id uuid not null references signaalpartner,
  reden text not null check (reden ~ '^[a-z-]{1,40}$'),
  reactie text check (reactie in ('ingetrokken', 'gehandhaafd')),
  betrokkene_pseudoniem bytea not null,
  ingediend_op timestamptz not null,
  beantwoord_op timestamptz,
  sleuteldag date not null,
  vernietigingsdatum date not null check (vernietigingsdatum <= sleuteldag),
  inhoud bytea not null,
  primary key (gemeentecode, id),
  check ((reactie is null) = (beantwoord_op is null))
);
create unique index betwisting_open on betwisting (gemeentecode, vroegsignaal_id) where reactie is null;
create index betwisting_id on betwisting (id);
create index betwisting_signaal on betwisting (vroegsignaal_id, gemeentecode);
create index betwisting_signaalpartner on betwisting (signaalpartner_id, id);

alter table betwisting enable row level security, force row level security;

-- Both sides see it as long as they see the signal; `vernietigingsdatum` follows that of the signal.
grant select, insert on betwisting to signaalhub_gemeente;
create policy gemeente_lezen on betwisting for select to signaalhub_gemeente
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and vernietigingsdatum > (select hub_vandaag()));
create policy gemeente_indienen on betwisting for insert to signaalhub_gemeente
  with check (gemeentecode in (select unnest(hub_gemeentecodes())) and reactie is null and exists (
    select from vroegsignaal s
    where s.gemeentecode = betwisting.gemeentecode and s.id = betwisting.vroegsignaal_id
      and s.signaalpartner_id = betwisting.signaalpartner_id and not s.afgerond
      and s.sleuteldag = betwisting.sleuteldag and s.vernietigingsdatum = betwisting.vernietigingsdatum offset 0));

grant select, update (reactie, beantwoord_op, inhoud) on betwisting to signaalhub_signaalpartner;
create policy partner on betwisting to signaalhub_signaalpartner
  using (signaalpartner_id = (select hub_signaalpartner_id()) and exists (
    select from vroegsignaal s where s.gemeentecode = betwisting.gemeentecode and s.id = betwisting.vroegsignaal_id))
  with check (signaalpartner_id = (select hub_signaalpartner_id()));

grant select, update (vernietigingsdatum) on betwisting to signaalhub_afhandelaar;
create policy afhandelaar_zien on betwisting for select to signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy afhandelaar_met_signaal on betwisting for update to signaalhub_afhandelaar
  using (gemeentecode in (select unnest(hub_gemeentecodes())))
  with check (gemeentecode in (select unnest(hub_gemeentecodes())));

-- It goes once its signal is gone: destroyed, or moved.
grant select (gemeentecode, vroegsignaal_id), delete on betwisting to signaalhub_vernietiger, signaalhub_doorzender;
create policy vernietiger_zien on betwisting for select to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())));
create policy met_signaal on betwisting for delete to signaalhub_vernietiger
  using (gemeentecode in (select unnest(hub_gemeentecodes())) and not exists (select from vroegsignaal s
    where s.gemeentecode = betwisting.gemeentecode and s.id = betwisting.vroegsignaal_id offset 0));
create policy doorzender_zien on betwisting for select to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()));
create policy doorzender_met_signaal on betwisting for delete to signaalhub_doorzender
  using (gemeentecode = (select hub_gemeente_van()) and not exists (select from vroegsignaal s
    where s.gemeentecode = betwisting.gemeentecode and s.id = betwisting.vroegsignaal_id offset 0));
