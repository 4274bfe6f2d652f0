//! The object identifiers that signatures, certificates, key files and time stamps name things by.

use const_oid::ObjectIdentifier as Id;

macro_rules! oids {
    ($($(#[$meta:meta])* $name:ident = $dotted:literal;)+) => {
        $($(#[$meta])* pub(super) const $name: Id = Id::new_unwrap($dotted);)+
    };
}

oids! {
    // Digests and signatures (RFC 5754, 5758, 8017).
    SHA256 = "2.16.840.1.101.3.4.2.1";
    SHA384 = "2.16.840.1.101.3.4.2.2";
    SHA512 = "2.16.840.1.101.3.4.2.3";
    ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    ECDSA_SHA384 = "1.2.840.10045.4.3.3";
    RSA = "1.2.840.113549.1.1.1";
    RSA_SHA256 = "1.2.840.113549.1.1.11";
    RSA_SHA384 = "1.2.840.113549.1.1.12";
    RSA_SHA512 = "1.2.840.113549.1.1.13";
    EC_KEY = "1.2.840.10045.2.1";
    P256 = "1.2.840.10045.3.1.7";
    P384 = "1.3.132.0.34";
    // CMS and its attributes (RFC 5652, 5035, 3161).
    DATA = "1.2.840.113549.1.7.1";
    SIGNED_DATA = "1.2.840.113549.1.7.2";
    ENCRYPTED_DATA = "1.2.840.113549.1.7.6";
    CONTENT_TYPE = "1.2.840.113549.1.9.3";
    MESSAGE_DIGEST = "1.2.840.113549.1.9.4";
    SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47";
    TIME_STAMP = "1.2.840.113549.1.9.16.2.14";
    TIME_STAMP_INFO = "1.2.840.113549.1.9.16.1.4";
    // Certificates (RFC 5280).
    COMMON_NAME = "2.5.4.3";
    ORGANISATION = "2.5.4.10";
    SUBJECT_KEY = "2.5.29.14";
    KEY_USAGE = "2.5.29.15";
    BASIC_CONSTRAINTS = "2.5.29.19";
    EXTENDED_KEY_USAGE = "2.5.29.37";
    FOR_TIME_STAMPS = "1.3.6.1.5.5.7.3.8";
    // PKCS#12 and the encryption of keys (RFC 7292, 8018).
    KEY_BAG = "1.2.840.113549.1.12.10.1.1";
    SHROUDED_KEY_BAG = "1.2.840.113549.1.12.10.1.2";
    CERTIFICATE_BAG = "1.2.840.113549.1.12.10.1.3";
    X509_CERTIFICATE = "1.2.840.113549.1.9.22.1";
    LOCAL_KEY_ID = "1.2.840.113549.1.9.21";
    PBES2 = "1.2.840.113549.1.5.13";
    PBKDF2 = "1.2.840.113549.1.5.12";
    HMAC_SHA256 = "1.2.840.113549.2.9";
    AES256_CBC = "2.16.840.1.101.3.4.1.42";
}
