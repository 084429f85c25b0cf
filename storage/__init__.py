"""How things are kept: the only place for Peewee and SQL."""
