-- The duty that carries out what a municipality decides about a signal where its own rights end: bringing its
-- destruction forward, or moving it to another municipality.
do $$
begin
  begin
    create role signaalhub_afhandelaar nologin nosuperuser nobypassrls nocreatedb nocreaterole;
  exception when duplicate_object or unique_violation then null;
  end;
  begin
    grant signaalhub_afhandelaar to current_user;
  exception when insufficient_privilege then
    if not pg_has_role(current_user, 'signaalhub_afhandelaar', 'member') then
      raise exception 'grant role signaalhub_afhandelaar to %', current_user;
    end if;
  end;
end $$;
grant usage on schema public to signaalhub_afhandelaar;

-- A signal of which the partner heard `afgerond` is over for the partner, whatever the result was. Hidden alike and at
-- the same moment, so that an early destruction shows nothing.
alter table vroegsignaal add column afgerond boolean not null default false;
-- The municipality a signal was sent to, where it has moved since: to its partner it stays there, for where a resident
-- lives now is not the partner's to know.
alter table vroegsignaal add column doorgezonden_van text references gemeente;
alter policy eigen_lezen on vroegsignaal using (signaalpartner_id = (select hub_signaalpartner_id())
  and vernietigingsdatum > (select hub_vandaag()) and not afgerond);
alter policy eigen_wijzigen on vroegsignaal using (signaalpartner_id = (select hub_signaalpartner_id())
  and vernietigingsdatum > (select hub_vandaag()) and not afgerond);

-- Where no help is wanted the day of destruction itself is brought forward; what must go at once has another reason.
alter policy vernietiger_verlopen on vroegsignaal using (gemeentecode = any ((select hub_gemeentecodes())::text[])
  and (vernietigingsdatum <= (select hub_vandaag()) or vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp')));
alter policy vernietiger_vasthouden on vroegsignaal using (gemeentecode = any ((select hub_gemeentecodes())::text[])
  and (vernietigingsdatum <= (select hub_vandaag()) or vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp')));
drop index vroegsignaal_vervroegd;
create index vroegsignaal_vervroegd on vroegsignaal (gemeentecode)
  where vernietigingsaanleiding not in ('bewaartermijn', 'geen-hulp');

grant update (status, afgerond) on vroegsignaal to signaalhub_gemeente;
create policy gemeente_behandelen on vroegsignaal for update to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]) and vernietigingsdatum > (select hub_vandaag())
    and status <> 'ingetrokken')
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[])
    and status in ('ontvangen', 'opgepakt', 'niet-opgepakt'));

grant select, insert, delete, update (vernietigingsdatum, vernietigingsaanleiding) on vroegsignaal
  to signaalhub_afhandelaar;
create policy afhandelaar_eigen on vroegsignaal for select to signaalhub_afhandelaar
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
create policy afhandelaar_vervroegen on vroegsignaal for update to signaalhub_afhandelaar
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]) and vernietigingsaanleiding = 'geen-hulp');
create policy afhandelaar_weg on vroegsignaal for delete to signaalhub_afhandelaar
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
-- It may only go where its partner could have sent it itself.
grant select on overeenkomst to signaalhub_afhandelaar;
create policy afhandelaar on overeenkomst for select to signaalhub_afhandelaar using (true);
create policy afhandelaar_erheen on vroegsignaal for insert to signaalhub_afhandelaar
  with check (exists (
    select from overeenkomst o
    where o.gemeentecode = vroegsignaal.gemeentecode and o.signaalpartner_id = vroegsignaal.signaalpartner_id
      and vroegsignaal.sector = any (o.sectoren) and overeenkomst_geldt(o, vroegsignaal.signaaldatum)
      and overeenkomst_geldt(o, (select hub_vandaag()))));
-- Nor where the resident objected to it.
grant select on bezwaar to signaalhub_afhandelaar;
create policy afhandelaar on bezwaar for select to signaalhub_afhandelaar using (einddatum >= (select hub_vandaag()));
grant insert on huishouden_markering to signaalhub_afhandelaar;
create policy afhandelaar_markeert on huishouden_markering for insert to signaalhub_afhandelaar with check (true);
grant insert on verwerking to signaalhub_afhandelaar;
create policy afhandelaar on verwerking for insert to signaalhub_afhandelaar
  with check (client_id = (select hub_client_id()));

-- vroegsignaalzaak: what a municipality does about the signals on one address (Wgs art. 4). Holds when it began and how
-- it ended, about the residents of that address; hidden from `vernietigingsdatum`, the last of its signals', and
-- destroyed with the last of its signals.
create table vroegsignaalzaak (
  gemeentecode text not null references gemeente,
  id uuid not null,
  huishouden_id uuid not null,
  adres_index bytea not null,
  datum_opgepakt date not null,
  resultaat text check (resultaat ~ '^[a-z-]{1,60}$'),
  resultaatdatum date,
  vernietigingsdatum date not null,
  primary key (gemeentecode, id),
  check ((resultaat is null) = (resultaatdatum is null))
);
create unique index vroegsignaalzaak_open on vroegsignaalzaak (gemeentecode, huishouden_id) where resultaat is null;
create index vroegsignaalzaak_volgorde on vroegsignaalzaak (gemeentecode, datum_opgepakt desc, id);

-- zaak_vroegsignaal: which signals a case is about. Random ids only; destroyed with the signal.
create table zaak_vroegsignaal (
  gemeentecode text not null,
  zaak_id uuid not null,
  vroegsignaal_id uuid not null,
  primary key (gemeentecode, zaak_id, vroegsignaal_id),
  foreign key (gemeentecode, zaak_id) references vroegsignaalzaak on delete cascade
);
create index zaak_vroegsignaal_signaal on zaak_vroegsignaal (gemeentecode, vroegsignaal_id);

-- contactpoging: when and how the municipality sought the residents, and whether it reached them. Destroyed with the case.
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
  foreign key (gemeentecode, zaak_id) references vroegsignaalzaak on delete cascade
);

alter table vroegsignaalzaak enable row level security;
alter table vroegsignaalzaak force row level security;
alter table zaak_vroegsignaal enable row level security;
alter table zaak_vroegsignaal force row level security;
alter table contactpoging enable row level security;
alter table contactpoging force row level security;

grant select, insert, update (resultaat, resultaatdatum, vernietigingsdatum) on vroegsignaalzaak to signaalhub_gemeente;
create policy gemeente on vroegsignaalzaak to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]) and vernietigingsdatum > (select hub_vandaag()))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
grant select, insert on zaak_vroegsignaal to signaalhub_gemeente;
create policy gemeente on zaak_vroegsignaal to signaalhub_gemeente
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
grant select, insert on contactpoging to signaalhub_gemeente;
create policy gemeente on contactpoging to signaalhub_gemeente
  using (exists (select from vroegsignaalzaak z where z.gemeentecode = contactpoging.gemeentecode and z.id = contactpoging.zaak_id))
  with check (exists (select from vroegsignaalzaak z where z.gemeentecode = contactpoging.gemeentecode and z.id = contactpoging.zaak_id));

-- A case goes with the last of its signals, whoever takes that away.
grant select, delete on zaak_vroegsignaal to signaalhub_vernietiger, signaalhub_afhandelaar;
create policy met_signaal on zaak_vroegsignaal to signaalhub_vernietiger, signaalhub_afhandelaar
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
grant select (gemeentecode, id), delete on vroegsignaalzaak to signaalhub_vernietiger, signaalhub_afhandelaar;
create policy zien on vroegsignaalzaak for select to signaalhub_vernietiger, signaalhub_afhandelaar
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]));
create policy met_laatste_signaal on vroegsignaalzaak for delete to signaalhub_vernietiger, signaalhub_afhandelaar
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]) and not exists (
    select from zaak_vroegsignaal k
    where k.gemeentecode = vroegsignaalzaak.gemeentecode and k.zaak_id = vroegsignaalzaak.id));
-- One that stays goes no later than the last of those it still has.
grant select (vernietigingsdatum), update (vernietigingsdatum) on vroegsignaalzaak
  to signaalhub_vernietiger, signaalhub_afhandelaar;
create policy vervroegen on vroegsignaalzaak for update to signaalhub_vernietiger, signaalhub_afhandelaar
  using (gemeentecode = any ((select hub_gemeentecodes())::text[]))
  with check (gemeentecode = any ((select hub_gemeentecodes())::text[]));
