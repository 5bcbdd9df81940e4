//! TLS around a TCP stream: who the other side must be, and what to do when it is not.

use std::{
    io,
    path::Path,
    sync::{Arc, OnceLock},
};

use banyan_topology::{Fault, FaultKind, printable};
use tokio::net::TcpStream;
use tokio_rustls::{
    TlsConnector,
    client::TlsStream,
    rustls::{
        AlertDescription, CertificateError, ClientConfig, DigitallySignedStruct, Error,
        RootCertStore, SignatureScheme,
        client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
        pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime, pem::PemObject},
    },
};

use crate::target::TlsOptions;

/// The stream in TLS, and what version and cipher it came to.
pub(super) async fn wrap(
    stream: TcpStream,
    options: &TlsOptions,
    host: &str,
) -> Result<(TlsStream<TcpStream>, String), Fault> {
    let config = config(options)?;
    let name = options.server_name.as_deref().unwrap_or(host).to_owned();
    let name = ServerName::try_from(name)
        .map_err(|_| untrusted("the server's name is no name that a certificate can have"))?;
    let connector = TlsConnector::from(Arc::new(config));
    let stream = connector.connect(name, stream).await.map_err(|error| {
        fault(&error).unwrap_or_else(|| Fault::new(FaultKind::Lost, error.to_string()))
    })?;
    let (_, session) = stream.get_ref();
    let version = match session.protocol_version().and_then(|version| version.as_str()) {
        Some(version) => version.replace("TLSv1_", "TLS 1."),
        None => "TLS".to_owned(),
    };
    let cipher = session.negotiated_cipher_suite().and_then(|suite| suite.suite().as_str());
    let described = format!("{version} {}", cipher.unwrap_or_default());
    Ok((stream, described.trim_end().to_owned()))
}

fn untrusted(what: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Untrusted, what)
}

/// Files are read at each connect, so that a certificate that was renewed is taken.
fn config(options: &TlsOptions) -> Result<ClientConfig, Fault> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .map_err(|error| untrusted(error.to_string()))?;
    let builder = if options.insecure {
        builder.dangerous().with_custom_certificate_verifier(Arc::new(AnyCertificate(provider)))
    } else {
        let roots = match &options.ca {
            Some(ca) => own_roots(ca)?,
            None => system_roots()?,
        };
        builder.with_root_certificates(roots)
    };
    let (Some(cert), Some(key)) = (&options.cert, &options.key) else {
        return Ok(builder.with_no_client_auth());
    };
    let chain = certificates(cert)?;
    let key_file = key;
    let key = PrivateKeyDer::from_pem_file(key)
        .map_err(|error| untrusted(format!("no private key in {}: {error}", key.display())))?;
    builder.with_client_auth_cert(chain, key).map_err(|error| {
        let (cert, key) = (cert.display(), key_file.display());
        untrusted(format!("{cert} and {key} do not belong together: {error}"))
    })
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, Fault> {
    let wrong = |why: &str| untrusted(format!("no certificates in {}: {why}", file.display()));
    let certificates = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| wrong(&error.to_string()))?;
    if certificates.is_empty() { Err(wrong("it holds none in PEM")) } else { Ok(certificates) }
}

fn own_roots(ca: &Path) -> Result<Arc<RootCertStore>, Fault> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(ca)? {
        roots.add(certificate).map_err(|error| {
            untrusted(format!("{} holds no authority's certificate: {error}", ca.display()))
        })?;
    }
    Ok(Arc::new(roots))
}

/// Read once: hundreds of files.
fn system_roots() -> Result<Arc<RootCertStore>, Fault> {
    static ROOTS: OnceLock<Arc<RootCertStore>> = OnceLock::new();
    let roots = ROOTS.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        Arc::new(roots)
    });
    if roots.is_empty() {
        return Err(untrusted("this system has no authorities to trust: name one with ?ca=FILE"));
    }
    Ok(roots.clone())
}

/// What went wrong with TLS, and what to do about it. `None` for errors of other kinds.
pub(super) fn fault(error: &io::Error) -> Option<Fault> {
    let error = error.get_ref()?.downcast_ref::<Error>()?;
    let detail = match error {
        Error::InvalidCertificate(certificate) => return Some(untrusted(of_certificate(certificate))),
        Error::AlertReceived(
            AlertDescription::CertificateRequired
            // What servers say that speak TLS 1.2, or dislike the certificate that they got.
            | AlertDescription::HandshakeFailure
            | AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired
            | AlertDescription::AccessDenied,
        ) => format!(
            "the server wants a certificate that it trusts: give one with ?cert=FILE&key=FILE \
             ({error})"
        ),
        Error::InvalidMessage(_) => {
            let plain = "the other side speaks no TLS there: name its TLS port, or leave the s out \
                         of the URL";
            return Some(Fault::new(FaultKind::Protocol, plain));
        }
        _ => error.to_string(),
    };
    Some(untrusted(detail))
}

fn of_certificate(error: &CertificateError) -> String {
    use CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => {
            format!("its certificate has expired: renew it on the server ({error})")
        }
        E::NotValidYet | E::NotValidYetContext { .. } => {
            format!("its certificate is not valid yet: compare the clocks ({error})")
        }
        E::UnknownIssuer => "nobody whom this system trusts issued its certificate: name the \
                             authority that did with ?ca=FILE"
            .to_owned(),
        E::NotValidForNameContext { expected, presented } => {
            let presented = printable(presented.join(", ").as_bytes(), 256);
            format!(
                "its certificate is not for {}, but for {presented}: say which with \
                 ?server_name=NAME",
                expected.to_str()
            )
        }
        E::NotValidForName => {
            "its certificate is for another name: say which with ?server_name=NAME".to_owned()
        }
        _ => printable(error.to_string().as_bytes(), 256),
    }
}

/// Takes whatever certificate the server shows (`insecure=1`); it must still hold the key to it.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
