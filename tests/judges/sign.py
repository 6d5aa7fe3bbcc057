"""Signs a PDF with a certificate made on the spot, and tells whether the signatures of a PDF are valid.

sign.py sign IN OUT | sign.py verify FILE
"""

import datetime
import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def signer():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Co quan Vi Du")])
    now = datetime.datetime.now(datetime.timezone.utc)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    packed = pkcs12.serialize_key_and_certificates(
        b"vi du", key, certificate, None, serialization.NoEncryption()
    )
    return signers.SimpleSigner.load_pkcs12_data(packed, other_certs=[], passphrase=None)


def sign(source, target):
    with open(source, "rb") as read, open(target, "wb") as write:
        meta = signers.PdfSignatureMetadata(field_name="Signature1")
        signers.sign_pdf(IncrementalPdfFileWriter(read), meta, signer=signer(), output=write)


def verify(file):
    with open(file, "rb") as read:
        found = []
        for signature in PdfFileReader(read).embedded_signatures:
            roots = ValidationContext(trust_roots=[signature.signer_cert])
            status = validate_pdf_signature(signature, signer_validation_context=roots)
            whole = status.coverage.name == "ENTIRE_FILE"
            found.append({"intact": status.intact, "valid": status.valid, "whole": whole})
        print(json.dumps(found))


if __name__ == "__main__":
    {"sign": sign, "verify": verify}[sys.argv[1]](*sys.argv[2:])
