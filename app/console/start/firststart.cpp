#include "app/console/start/firststart.h"

#include "base/whendone.h"
#include "connectors/secrets/vendorlogins.h"

#include <QClipboard>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QPromise>
#include <QThreadPool>

#include <memory>

namespace pilothouse {
namespace {

struct FoundFiles
{
    std::optional<FoundClone> clone;
    FoundKubeconfig kubeconfig;
};

/// A folder may lie on a disk that is far away.
QFuture<FoundFiles> lookedAtElsewhere(const QString &folder, const QStringList &kubeconfigs)
{
    auto promise = std::make_shared<QPromise<FoundFiles>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, folder, kubeconfigs] {
        promise->addResult(FoundFiles{cloneAround(folder), kubeconfigAmong(kubeconfigs)});
        promise->finish();
    });
    return promise->future();
}

} // namespace

FirstStart::FirstStart(SetUpView &view, Around around, CommandRunner &runner, LoginPath &path,
                       Clock &clock)
    : m_view(view), m_around(std::move(around)), m_path(path), m_runner(runner, path),
      m_gh(m_runner, clock), m_gcloud(m_runner, clock),
      m_desk(m_runner, {ghLogin(QStringLiteral("github.com"), {nameOf(VendorProgram::Gh)}),
                        gcloudLogin({nameOf(VendorProgram::Gcloud)})}),
      m_vendors{Vendor{SetUpView::Gh, VendorProgram::Gh, &m_gh, {}},
                Vendor{SetUpView::Gcloud, VendorProgram::Gcloud, &m_gcloud, {}}}
{
    connect(&view, &SetUpView::painted, this, &FirstStart::look);
    connect(&view, &SetUpView::pressed, this, &FirstStart::act);
    for (size_t vendor = 0; vendor < m_vendors.size(); ++vendor) {
        const QString name = nameOf(m_vendors[vendor].program);
        connect(&m_desk, &SignInDesk::changed, this, [this, vendor, name](const QStringList &of) {
            if (of.contains(name))
                showSigningIn(vendor);
        });
        connect(&m_desk, &SignInDesk::signedIn, this, [this, vendor, name](const QStringList &of) {
            if (of.contains(name))
                askSignIn(vendor);
        });
    }
}

void FirstStart::look()
{
    lookAtFiles();
    for (size_t vendor = 0; vendor < m_vendors.size(); ++vendor)
        lookFor(vendor);
}

void FirstStart::lookAtFiles()
{
    const int generation = ++m_generation;
    whenDone(
        lookedAtElsewhere(m_around.folder,
                          m_chosen.isEmpty() ? m_around.kubeconfigs : QStringList{m_chosen}),
        this,
        [this, generation, isChosen = !m_chosen.isEmpty()](const FoundFiles &found) {
            if (generation != m_generation)
                return;
            m_kubeconfig = found.kubeconfig;
            if (isChosen)
                m_kubeconfig.origin = FoundKubeconfig::Origin::Chosen;
            const QString home = QDir::homePath();
            m_view.setLine(SetUpView::Clone, lineOf(found.clone, m_around.folder, home));
            m_view.setLine(SetUpView::Kubeconfig, lineOf(m_kubeconfig, home));
        },
        [] {});
}

void FirstStart::lookFor(size_t vendor)
{
    whenDone(
        m_path.find(nameOf(m_vendors[vendor].program)), this,
        [this, vendor](const Result<FoundProgram> &found) {
            const bool wasMissing = m_vendors[vendor].state.state == VendorState::State::Missing;
            if (!found)
                setState(vendor, {VendorState::State::Missing});
            else if (wasMissing)
                setState(vendor, {VendorState::State::There});
        },
        [] {});
}

void FirstStart::askSignIn(size_t vendor)
{
    setState(vendor, {VendorState::State::Asking});
    CredentialSource &credential = *m_vendors[vendor].credential;
    credential.forget();
    whenDone(
        credential.token(), this,
        [this, vendor](const Result<Secret> &token) {
            if (token)
                setState(vendor, {VendorState::State::SignedIn});
            else
                setState(vendor,
                         {token.error().kind == ErrorKind::SignedOut ? VendorState::State::SignedOut
                                                                     : VendorState::State::Unknown,
                          token.error().message});
        },
        [this, vendor] { setState(vendor, {VendorState::State::There}); });
}

void FirstStart::showSigningIn(size_t vendor)
{
    const auto progress = m_desk.progressOf(nameOf(m_vendors[vendor].program));
    switch (progress.stage) {
    case SignInDesk::Stage::Idle: // cancelled, or well and asked about next
        setState(vendor, {VendorState::State::There});
        break;
    case SignInDesk::Stage::Running:
        setState(vendor, {VendorState::State::SigningIn, progress.said.join(QLatin1Char(' ')),
                          progress.page.toString()});
        break;
    case SignInDesk::Stage::Failed:
        setState(vendor, {VendorState::State::SignedOut, progress.said.join(QLatin1Char(' '))});
        break;
    }
}

void FirstStart::setState(size_t vendor, const VendorState &state)
{
    Vendor &asked = m_vendors[vendor];
    asked.state = state;
    m_view.setLine(asked.row, lineOf(asked.program, state));
}

void FirstStart::act(SetUpView::Row row, StartLine::Act act, const QString &target)
{
    using Act = StartLine::Act;
    const size_t vendor = row == SetUpView::Gcloud ? 1 : 0;
    switch (act) {
    case Act::None:
        break;
    case Act::OpenClone:
        Q_EMIT cloneWanted(target);
        break;
    case Act::ChooseClone:
        Q_EMIT cloneChoiceWanted();
        break;
    case Act::CopyContext:
        copyContext(target);
        break;
    case Act::ChooseKubeconfig:
        chooseKubeconfig();
        break;
    case Act::LookAgain:
        lookAtFiles();
        break;
    case Act::AskSignIn:
        askSignIn(vendor);
        break;
    case Act::SignIn:
        m_desk.start(nameOf(m_vendors[vendor].program));
        break;
    case Act::CancelSignIn:
        m_desk.cancel(nameOf(m_vendors[vendor].program));
        break;
    case Act::OpenLoginPage:
    case Act::ShowInstalling:
        showPage(vendor, target);
        break;
    }
}

void FirstStart::chooseKubeconfig()
{
    const QString file
        = QFileDialog::getOpenFileName(&m_view, tr("Choose a Kubeconfig"), QDir::homePath());
    if (file.isEmpty())
        return;
    m_chosen = file;
    lookAtFiles();
}

void FirstStart::copyContext(const QString &context)
{
    const QString keys = contextKeys(m_kubeconfig, context);
    QGuiApplication::clipboard()->setText(keys);
    StartLine line = lineOf(m_kubeconfig, QDir::homePath());
    line.sentence = tr("Copied: %1. It goes into “control” of a track in pilothouse.yaml.")
                        .arg(QStringLiteral("context: ") + yamlScalar(context));
    m_view.setLine(SetUpView::Kubeconfig, line);
}

void FirstStart::showPage(size_t vendor, const QString &page)
{
    if (m_around.openPage(QUrl(page)))
        return;
    StartLine line = lineOf(m_vendors[vendor].program, m_vendors[vendor].state);
    line.sentence = tr("No browser opened. The page is %1").arg(page);
    m_view.setLine(m_vendors[vendor].row, line);
}

} // namespace pilothouse
