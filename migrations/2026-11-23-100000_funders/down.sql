DROP TABLE call_checks;
