DROP TABLE seals;
DROP TABLE seal_certificates;
