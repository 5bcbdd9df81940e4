//! `banyan serve` and `banyan demo`

use std::{io::Write as _, net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::Context as _;
use clap::ValueEnum;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{
        AppSource, Config, ConfigFile, check_budget, check_delimiter, check_listen,
        file::TargetEntry, target,
    },
    demo::Demo,
    gate::Authority,
};

/// Serve the app, and watch servers for it.
///
/// Without a URL it watches servers of its own with a living workload, if they are installed.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Args {
    /// Servers to watch: redis://[user:password@]host[:port][/db] (rediss:// for TLS),
    /// redis+unix:///path, redis-sentinel://host[:port][/master], memcached://host[:port],
    /// tyrant://host[:port].
    #[arg(value_name = "URL")]
    urls: Vec<String>,

    /// Servers of its own, for looking around: auto means if no other server is named.
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    demo: DemoWhen,

    #[command(flatten)]
    common: CommonArgs,
}

/// Serve the app with servers of its own, where something always happens.
#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    #[command(flatten)]
    common: CommonArgs,
}

#[derive(Debug, Default, clap::Args)]
struct CommonArgs {
    /// Address and port to listen on; port 0 takes a free one [default: 127.0.0.1:7878].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,

    /// A proxy with TLS and a login stands before it: other addresses than loopback are allowed.
    #[arg(long)]
    behind_proxy: bool,

    /// A further host name to answer under, with or without a port.
    #[arg(long = "allow-host", value_name = "HOST")]
    allow_hosts: Vec<String>,

    /// What separates the parts of a key [default: ":"].
    #[arg(long, value_name = "TEXT")]
    delimiter: Option<String>,

    /// Share of each server's time that watching it may take, in percent [default: 1].
    #[arg(long, value_name = "PERCENT")]
    budget: Option<f64>,

    /// File whose first line is the password, for URLs without one.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,

    /// Variable of the environment that holds the password, for URLs without one.
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,

    /// The same for URLs of Sentinels, where the servers that they name have another password.
    #[arg(long, value_name = "FILE")]
    sentinel_password_file: Option<PathBuf>,

    /// Variable of the environment that holds that one.
    #[arg(long, value_name = "NAME")]
    sentinel_password_env: Option<String>,

    /// A network in which servers that others name are followed, such as 10.0.0.0/8 [default: only
    /// those on the same host].
    #[arg(long, value_name = "NETWORK")]
    follow: Vec<String>,

    /// Serve the app from this folder instead of the one inside the program.
    #[arg(long, value_name = "FOLDER")]
    app: Option<PathBuf>,

    /// Read this configuration file; the command line wins over it.
    #[arg(long, value_name = "FILE", env = "BANYAN_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum DemoWhen {
    #[default]
    Auto,
    Always,
    Never,
}

impl From<DemoArgs> for Args {
    fn from(DemoArgs { common }: DemoArgs) -> Self {
        Self { urls: Vec::new(), demo: DemoWhen::Always, common }
    }
}

/// How long everything may take to end after a signal. A second signal ends the process at once.
const END_DEADLINE: Duration = Duration::from_secs(8);

pub(super) fn run(args: Args) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(args));
    runtime.shutdown_timeout(Duration::from_millis(100));
    served
}

async fn serve(args: Args) -> anyhow::Result<()> {
    let demo = args.demo;
    let (listen, mut config) = resolve(args)?;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let shutdown = CancellationToken::new();
    let mut signals = Signals::new()?;
    let wants_demo = match demo {
        DemoWhen::Auto => config.targets.is_empty(),
        DemoWhen::Always => true,
        DemoWhen::Never => false,
    };
    let demo = if wants_demo { Some(Demo::start(&shutdown).await) } else { None };
    config.targets.extend(demo.iter().flat_map(Demo::targets));
    for target in &config.targets {
        tracing::info!(id = target.id.0, "watches {}", target.server);
    }
    // The one line that scripts wait for.
    let mut stdout = std::io::stdout();
    writeln!(stdout, "Banyan listens on http://{}/", listener.local_addr()?)?;
    stdout.flush()?;

    let mut served = tokio::spawn(crate::run(listener, config, shutdown.clone()));
    let ended = tokio::select! {
        ended = &mut served => ended,
        name = signals.next() => {
            tracing::info!("ends on {name}");
            shutdown.cancel();
            tokio::select! {
                ended = timeout(END_DEADLINE, &mut served) => ended.context("did not end in time")?,
                name = signals.next() => anyhow::bail!("ended by a second {name}"),
            }
        }
    };
    if let Some(demo) = demo {
        demo.stop().await;
    }
    ended?.context("the server failed")
}

/// SIGINT and SIGTERM, which end the process by themselves until this value is made.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Waits for one of them and names it.
    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
        }
    }
}

/// What the command line and the file say together: an address to listen on, and the rest.
fn resolve(args: Args) -> anyhow::Result<(SocketAddr, Config)> {
    let Args { urls, common, .. } = args;
    let file = common.config.as_deref().map(ConfigFile::read).transpose()?.unwrap_or_default();
    let default = Config::default();
    let from_urls = urls.into_iter().map(|url| {
        let is_sentinel = url.contains("-sentinel://");
        TargetEntry {
            url: Some(url),
            password_file: common.password_file.clone(),
            password_env: common.password_env.clone(),
            sentinel_password_file: common.sentinel_password_file.clone().filter(|_| is_sentinel),
            sentinel_password_env: common.sentinel_password_env.clone().filter(|_| is_sentinel),
            follow: common.follow.clone(),
            ..TargetEntry::default()
        }
    });
    let entries: Vec<TargetEntry> = from_urls.chain(file.targets).collect();
    let allow_hosts = common.allow_hosts.iter().chain(&file.allow_hosts);
    let config = Config {
        targets: target::resolve(&entries)?,
        app: common.app.or(file.app).map_or(default.app, AppSource::Folder),
        allow_hosts: allow_hosts
            .map(|text| text.parse::<Authority>().map_err(anyhow::Error::msg))
            .collect::<Result<_, _>>()?,
        delimiter: check_delimiter(
            common.delimiter.or(file.delimiter).unwrap_or(default.delimiter),
        )?,
        budget_percent: check_budget(
            common.budget.or(file.budget).unwrap_or(default.budget_percent),
        )?,
        ..default
    };
    let listen = common.listen.or(file.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 7878)));
    Ok((check_listen(listen, common.behind_proxy || file.behind_proxy)?, config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_wins_over_the_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text = "listen = '127.0.0.1:1'\ndelimiter = '/'\nbudget = 0.5\n[[target]]\nurl = 'redis://b'\n";
        std::fs::write(file.path(), text).unwrap();
        let common = CommonArgs {
            config: Some(file.path().to_owned()),
            delimiter: Some("|".into()),
            ..CommonArgs::default()
        };
        let args = Args { urls: vec!["redis://a".into()], common, ..Args::default() };
        let (listen, config) = resolve(args).unwrap();
        assert_eq!(listen, SocketAddr::from(([127, 0, 0, 1], 1)));
        assert_eq!((config.delimiter.as_str(), config.budget_percent), ("|", 0.5));
        let ids: Vec<_> = config.targets.iter().map(|target| target.id.0.as_str()).collect();
        assert_eq!(ids, ["a:6379", "b:6379"]);
    }
}
