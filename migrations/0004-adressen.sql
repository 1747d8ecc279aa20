-- The address register of the country, twice: a load fills the side that is not in use, while everybody reads the other.
-- Public data, so no row level security. An empty text is a value that the file did not give: nummeraanduiding and
-- gemeentecode are part of a key.

-- adresregister_a: the addresses of side a (BAG, CBS): letter and addition as one text. Public data, no persons. Emptied
-- by the load that fills this side.
create table adresregister_a (
  postcode text not null,
  huisnummer integer not null,
  aanduiding text not null default '',
  nummeraanduiding text not null default '',
  gemeentecode text not null default '',
  primary key (postcode, huisnummer, aanduiding, nummeraanduiding)
);

-- adresregister_b: the addresses of side b, of the same shape. Public data, no persons. Emptied by the load that fills
-- this side.
create table adresregister_b (like adresregister_a including all);

-- adresregister_postcode_a: the municipalities that each postcode of side a lies in. Public data, no persons. Emptied
-- with its side.
create table adresregister_postcode_a (
  postcode text not null,
  gemeentecode text not null,
  primary key (postcode, gemeentecode)
);

-- adresregister_postcode_b: the municipalities that each postcode of side b lies in. Public data, no persons. Emptied
-- with its side.
create table adresregister_postcode_b (like adresregister_postcode_a including all);

grant select, insert, truncate on adresregister_a, adresregister_b, adresregister_postcode_a, adresregister_postcode_b
  to signaalhub_beheer;
grant select on adresregister_a, adresregister_b, adresregister_postcode_a, adresregister_postcode_b
  to signaalhub_signaalpartner, signaalhub_gemeente, signaalhub_afhandelaar, signaalhub_doorzender, signaalhub_herleider;

-- adresregister_stand: the one row that says which side is in use, none before the first load. `versie` rises with every
-- change of side, and when a hub starts whose rules for addresses (`regels`) are newer: every signal names the version
-- that its address was compared under. No personal data. Kept.
create table adresregister_stand (
  enig boolean primary key default true check (enig),
  kant text check (kant in ('a', 'b')),
  versie integer not null default 0,
  regels integer not null default 0
);

insert into adresregister_stand default values;
grant select, update on adresregister_stand to signaalhub_beheer;
grant update (versie, regels) on adresregister_stand to signaalhub_herleider;
grant select on adresregister_stand to signaalhub_signaalpartner, signaalhub_gemeente, signaalhub_afhandelaar,
  signaalhub_doorzender,
  signaalhub_herleider;

-- adresregister_levering: each load of the register: under way until it is in use (`geladen_op`) or over without result
-- (`afgebroken_op`). No personal data. Kept.
create table adresregister_levering (
  id uuid primary key,
  bron text check (bron in ('cbs', 'bag')),
  kant text not null check (kant in ('a', 'b')),
  begonnen_op timestamptz not null,
  laatste_teken_op timestamptz not null,
  geladen_op timestamptz,
  afgebroken_op timestamptz,
  aantal_regels integer not null default 0,
  aantal_overgeslagen integer not null default 0,
  aantal_adressen integer not null default 0,
  aantal_postcodes integer not null default 0,
  aantal_gemeenten integer not null default 0,
  onbekende_gemeenten text[] not null default '{}'
);

-- At most one load at a time, on all instances together.
create unique index adresregister_levering_loopt on adresregister_levering ((true))
  where geladen_op is null and afgebroken_op is null;
grant select, insert, update, delete on adresregister_levering to signaalhub_beheer;

-- What the register in use holds on each number of a postcode. Only the side in use is read and locked, so that
-- emptying the other never waits for a reader. Each pair is looked up by itself (`offset 0` and no sequential scan),
-- because a planner without statistics would read the whole table for a list of hundreds.
create function zoek_registeradressen(postcodes text[], huisnummers integer[])
returns table (postcode text, huisnummer integer, aanduiding text, nummeraanduiding text)
language plpgsql stable parallel safe rows 10 set enable_seqscan = off as $$
#variable_conflict use_column
declare
  in_gebruik text := (select s.kant from adresregister_stand s);
begin
  if in_gebruik = 'a' then
    return query select r.postcode, r.huisnummer, r.aanduiding, r.nummeraanduiding
      from (select distinct * from unnest(postcodes, huisnummers)) v(postcode, huisnummer) cross join lateral (
        select * from adresregister_a a where a.postcode = v.postcode and a.huisnummer = v.huisnummer offset 0) r;
  elsif in_gebruik = 'b' then
    return query select r.postcode, r.huisnummer, r.aanduiding, r.nummeraanduiding
      from (select distinct * from unnest(postcodes, huisnummers)) v(postcode, huisnummer) cross join lateral (
        select * from adresregister_b b where b.postcode = v.postcode and b.huisnummer = v.huisnummer offset 0) r;
  end if;
end $$;

-- The municipalities that each postcode lies in by the register in use; an empty text is one that the file did not name.
create function zoek_registerpostcodes(postcodes text[]) returns table (postcode text, gemeentecode text)
language plpgsql stable parallel safe rows 10 set enable_seqscan = off as $$
#variable_conflict use_column
declare
  in_gebruik text := (select s.kant from adresregister_stand s);
begin
  if in_gebruik = 'a' then
    return query select r.postcode, r.gemeentecode
      from (select distinct * from unnest(postcodes)) v(postcode) cross join lateral (
        select * from adresregister_postcode_a a where a.postcode = v.postcode offset 0) r;
  elsif in_gebruik = 'b' then
    return query select r.postcode, r.gemeentecode
      from (select distinct * from unnest(postcodes)) v(postcode) cross join lateral (
        select * from adresregister_postcode_b b where b.postcode = v.postcode offset 0) r;
  end if;
end $$;
