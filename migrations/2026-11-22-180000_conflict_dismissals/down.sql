DROP TABLE conflict_dismissals;
