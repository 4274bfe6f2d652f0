"""Checks a time-stamped letter as it is done when the certificate has expired: what counts is that the signature was
there at the time that the stamp confirms. Called by the tests: stamped.py SIGNED CERTIFICATE ROOT-OF-THE-STAMPS
"""

import sys
from datetime import timedelta
from pathlib import Path

from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def main() -> None:
    path, certificate, root = sys.argv[1:]
    own = list(load_certs_from_pemder([certificate]))
    stamps = list(load_certs_from_pemder([root]))
    with Path(path).open("rb") as file:
        (signature,) = PdfFileReader(file).embedded_signatures
        unsigned = {attribute["type"].native: attribute["values"] for attribute in signature.signer_info["unsigned_attrs"]}
        token = unsigned["signature_time_stamp_token"][0]["content"]
        stamped = token["encap_content_info"]["content"].parsed["gen_time"].native
        # The letter of the test is signed at the time of its world, where the certificate is valid.
        at = own[0].not_valid_before + timedelta(days=1)
        status = validate_pdf_signature(
            signature,
            signer_validation_context=ValidationContext(trust_roots=own, moment=at, allow_fetching=False),
            ts_validation_context=ValidationContext(trust_roots=stamps, moment=stamped, allow_fetching=False),
        )
        stamp = status.timestamp_validity
        assert status.intact and status.valid and status.trusted, status.pretty_print_details()
        assert stamp.intact and stamp.valid and stamp.trusted and stamp.timestamp == stamped, stamp
        assert status.coverage.name == "ENTIRE_FILE", status.pretty_print_details()
    print("fine")


if __name__ == "__main__":
    main()
