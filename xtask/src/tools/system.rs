//! Programs of the operating system that the tests and the benchmarks need.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// Something that Debian's packages bring.
pub(crate) struct Package {
    pub(crate) apt: &'static str,
    /// A program on PATH, or a file by its full path, that shows that it is there.
    pub(crate) sign: &'static str,
    pub(crate) purpose: &'static str,
}

pub(crate) const PACKAGES: &[Package] = &[
    Package { apt: "chromium", sign: "chromium", purpose: "tests in a browser" },
    Package { apt: "chromium-driver", sign: "chromedriver", purpose: "wasm tests in a browser" },
    Package {
        apt: "fonts-noto-cjk",
        sign: "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        purpose: "pictures with Chinese in them",
    },
    Package { apt: "iproute2", sign: "ip", purpose: "tests of clients whose hosts vanish" },
    Package { apt: "memcached", sign: "memcached", purpose: "tests against a real memcached" },
    Package {
        apt: "sasl2-bin",
        sign: "/usr/sbin/saslpasswd2",
        purpose: "tests of memcached with SASL",
    },
    Package { apt: "openssl", sign: "openssl", purpose: "certificates of the tests of TLS" },
    Package { apt: "redis-server", sign: "redis-server", purpose: "tests against a real Redis" },
];

/// What the benchmarks need besides.
pub(crate) const PACKAGES_OF_BENCH: &[Package] =
    &[Package { apt: "graphviz", sign: "dot", purpose: "families beside dot" }];

/// Installs what is missing of the packages and of `more` where that needs no password; elsewhere says
/// which.
///
/// It starts no service: the tests start servers of their own on free ports.
pub(crate) fn ensure(more: &[Package]) -> Result<()> {
    let all = PACKAGES.iter().chain(more);
    let missing: Vec<&Package> = all.filter(|package| find(package.sign).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for package in &missing {
        eprintln!("Missing: {} (for {})", package.apt, package.purpose);
    }
    let names: Vec<&str> = missing.iter().map(|package| package.apt).collect();
    let Some(rights) = Rights::of_this_user() else {
        eprintln!("Install them, on Debian with: sudo apt-get install {}", names.join(" "));
        return Ok(());
    };
    eprintln!("Installing {}. This may take 3 minutes.", names.join(" "));
    let _no_service = ServiceBan::raise(&rights)?;
    process::run(rights.command("apt-get").args(["update", "--quiet"]))?;
    process::run(
        rights
            .command("env")
            .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--quiet", "--yes"])
            .arg("--no-install-recommends")
            .args(&names),
    )
}

/// The program on PATH or in the folders of the administrator; a full path stands for itself.
pub(crate) fn find(sign: &str) -> Option<PathBuf> {
    if sign == "chromium"
        && let Some(chosen) = env::var_os("CHROMIUM").map(PathBuf::from)
    {
        return chosen.is_file().then_some(chosen);
    }
    if sign.starts_with('/') {
        return Some(PathBuf::from(sign)).filter(|path| path.is_file());
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin"), PathBuf::from("/sbin")])
        .map(|folder| folder.join(sign))
        .find(|file| file.is_file())
}

/// How this user may install packages without being asked for a password.
struct Rights {
    needs_sudo: bool,
}

impl Rights {
    fn of_this_user() -> Option<Self> {
        find("apt-get")?;
        let user = process::capture(process::program("id").arg("-u")).ok()?;
        if user.trim() == "0" {
            return Some(Self { needs_sudo: false });
        }
        process::succeeds(process::program("sudo").args(["-n", "true"]))
            .then_some(Self { needs_sudo: true })
    }

    fn command(&self, program: &str) -> Command {
        if self.needs_sudo {
            let mut command = process::program("sudo");
            command.args(["-n", program]);
            command
        } else {
            process::program(program)
        }
    }
}

/// Debian asks `/usr/sbin/policy-rc.d` whether a package that is being installed may start its
/// service; while this value lives the answer is no.
struct ServiceBan<'a> {
    /// `None` where the machine has an answer of its own, which stays.
    rights: Option<&'a Rights>,
}

const POLICY: &str = "/usr/sbin/policy-rc.d";

impl<'a> ServiceBan<'a> {
    fn raise(rights: &'a Rights) -> Result<Self> {
        if Path::new(POLICY).exists() {
            return Ok(Self { rights: None });
        }
        let script = format!("printf '#!/bin/sh\\nexit 101\\n' > {POLICY} && chmod 755 {POLICY}");
        process::run(rights.command("sh").args(["-c", &script]))
            .context("cannot keep packages from starting their services")?;
        Ok(Self { rights: Some(rights) })
    }
}

impl Drop for ServiceBan<'_> {
    fn drop(&mut self) {
        if let Some(rights) = self.rights
            && let Err(error) = process::run(rights.command("rm").args(["-f", POLICY]))
        {
            eprintln!("{error:#}: remove {POLICY} by hand");
        }
    }
}
