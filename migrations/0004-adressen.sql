-- adresregister: the municipalities that a postcode lies in (CBS). Public data, no persons. Replaced by every load.
create table adresregister (
  postcode text not null check (postcode ~ '^[1-9][0-9]{3}[A-Z]{2}$'),
  gemeentecode text not null check (gemeentecode ~ '^[0-9]{4}$'),
  primary key (postcode, gemeentecode)
);

grant select, insert, delete on adresregister to signaalhub_beheer;
grant select on adresregister to signaalhub_signaalpartner;

-- adresregister_levering: when the register was loaded, and how large it was. No personal data. Kept.
create table adresregister_levering (
  id uuid primary key,
  geladen_op timestamptz not null,
  aantal_postcodes integer not null
);

grant select, insert on adresregister_levering to signaalhub_beheer;
