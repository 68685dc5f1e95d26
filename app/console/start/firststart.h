#pragma once

#include "app/console/start/setupview.h"
#include "base/clock.h"
#include "base/programs/loginpath.h"
#include "base/programs/signindesk.h"
#include "connectors/secrets/gcloudtoken.h"
#include "connectors/secrets/ghtoken.h"

#include <QObject>
#include <QUrl>

#include <array>
#include <functional>

namespace pilothouse {

/// Looks for what a first workspace could be made of, once the view that says so has been painted,
/// and does what the view's buttons ask. Files are looked at in another thread; programs are looked
/// for where the login shell finds them, and none of them runs before its button is pressed.
class FirstStart final : public QObject
{
    Q_OBJECT

public:
    struct Around
    {
        QString folder;                             ///< where a clone is looked for
        QStringList kubeconfigs;                    ///< where kubectl looks
        std::function<bool(const QUrl &)> openPage; ///< in a browser; false = there is none
    };

    /// The view, the runner, the path and the clock outlive it.
    FirstStart(SetUpView &view, Around around, CommandRunner &runner, LoginPath &path,
               Clock &clock);

    /// Anew; what stands there stays until the answer comes.
    void look();

Q_SIGNALS:
    void cloneWanted(const QString &folder);
    void cloneChoiceWanted();

private:
    struct Vendor
    {
        SetUpView::Row row;
        VendorProgram program;
        CredentialSource *credential;
        VendorState state;
    };

    void lookAtFiles();
    void lookFor(size_t vendor);
    void askSignIn(size_t vendor);
    void showSigningIn(size_t vendor);
    void setState(size_t vendor, const VendorState &state);
    void act(SetUpView::Row row, StartLine::Act act, const QString &target);
    void chooseKubeconfig();
    void copyContext(const QString &context);
    void showPage(size_t vendor, const QString &page);

    SetUpView &m_view;
    Around m_around;
    LoginPath &m_path;
    FindingRunner m_runner;
    GhToken m_gh;
    GcloudToken m_gcloud;
    SignInDesk m_desk; ///< its sources are the programs' names
    std::array<Vendor, 2> m_vendors;
    FoundKubeconfig m_kubeconfig;
    QString m_chosen; ///< a kubeconfig that kubectl does not look at
    int m_generation = 0;
};

} // namespace pilothouse
