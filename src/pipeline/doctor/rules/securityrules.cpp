#include "pipeline/doctor/rules/families.h"

#include "base/words.h"
#include "pipeline/doctor/questions.h"
#include "pipeline/doctor/rules/actionversions.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>

namespace pilothouse {

namespace {

QList<Match> noPermissions(const Scene &, const SceneFile &file)
{
    if (file.workflow->permissions.isGiven())
        return {};
    QStringList keys;
    const SceneJob *first = nullptr;
    for (const SceneJob &job : file.jobs) {
        if (job.job->permissions.isGiven() || job.steps.isEmpty())
            continue;
        first = first ? first : &job;
        keys.append(job.job->key);
    }
    if (!first)
        return {};
    return {{first->job->at,
             {},
             0,
             Words::tr("No permissions are given: the token of %1 may do whatever the "
                       "repository's settings allow, writing included")
                 .arg(keys.join(QStringLiteral(", ")))}};
}

QList<Match> allPermissions(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    const QLatin1String all("write-all");
    if (file.workflow->permissions.all.text == all)
        matches.append({file.workflow->permissions.all.at,
                        {},
                        0,
                        Words::tr("Every job of this file may write everything")});
    for (const SceneJob &job : file.jobs) {
        if (job.job->permissions.all.text == all)
            matches.append(matchAt(job, job.job->permissions.all.at,
                                   Words::tr("Job %1 may write everything").arg(job.job->key)));
    }
    return matches;
}

/// A name of another repository with a version that can be moved.
bool isMovable(const QString &uses)
{
    static const QRegularExpression commit(QStringLiteral("@([0-9a-f]{40}|[0-9a-f]{64})$"));
    return uses.contains(QLatin1Char('@')) && !uses.startsWith(QLatin1Char('.'))
           && !uses.startsWith(QLatin1String("docker://")) && !commit.match(uses).hasMatch();
}

QList<Match> movableActions(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    QHash<QString, qsizetype> known; // what is used → index of its match
    QHash<QString, int> counts;
    const auto add = [&](const QString &uses, const Match &match) {
        if (!isMovable(uses))
            return;
        ++counts[uses];
        if (!known.contains(uses)) {
            known.insert(uses, matches.size());
            matches.append(match);
        }
    };
    for (const SceneJob &job : file.jobs) {
        add(job.job->uses.text, matchAt(job, job.job->uses.at, {}));
        for (const SceneStep &step : job.steps)
            add(step.step->uses.text, matchAt(job, step, step.step->uses.at, {}));
    }
    for (auto it = known.cbegin(); it != known.cend(); ++it) {
        const int count = counts.value(it.key());
        matches[it.value()].sentence
            = count == 1 ? Words::tr("%1 can be moved to other code by its owner").arg(it.key())
                         : Words::tr("%1, used %2 times here, can be moved to other code by its "
                                     "owner")
                               .arg(it.key())
                               .arg(count);
    }
    return matches;
}

QList<Match> oldActions(const Scene &, const SceneFile &file)
{
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const ActionVersion oldest = oldestLiving(step.action());
            const int major = majorVersion(step.actionVersion());
            if (major == 0 || major >= oldest.major)
                continue;
            Match match
                = matchAt(job, step, step.step->uses.at,
                          Words::tr("%1 is of a time before version %2 and runs on a Node that "
                                    "runners no longer have")
                              .arg(step.step->uses.text)
                              .arg(oldest.major));
            match.rightForm = QStringLiteral("- uses: %1@<commit SHA> # v%2\n")
                                  .arg(step.action())
                                  .arg(oldest.major);
            matches.append(match);
        }
    }
    return matches;
}

QList<Match> kubeconfigSecret(const Scene &, const SceneFile &file)
{
    static const QRegularExpression secret(QStringLiteral("secrets\\.\\w*KUBE_?CONFIG\\w*"),
                                           QRegularExpression::CaseInsensitiveOption);
    QList<Match> matches;
    const auto sentence = [](const QString &job, const QString &name) {
        return Words::tr("Job %1 signs in with a kubeconfig that is kept as a secret (%2): it "
                         "lives for ever and mostly may do everything")
            .arg(job, name);
    };
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const WorkflowSettings *settings : {&step.step->with, &step.step->env}) {
                for (const WorkflowSetting &setting : settings->entries) {
                    const bool isKubeconfig
                        = setting.key.contains(QLatin1String("kubeconfig"), Qt::CaseInsensitive)
                          && setting.value.text.contains(QLatin1String("secrets."));
                    if (isKubeconfig || secret.match(setting.value.text).hasMatch())
                        matches.append(matchAt(job, step, setting.at,
                                               sentence(job.job->key, setting.value.text)));
                }
            }
            for (const ShellCommand &command : step.commands) {
                for (const ShellWord &word : command.words + command.assignments) {
                    const QString name = secret.match(word.text).captured();
                    if (!name.isEmpty())
                        matches.append(matchAt(job, step, word, sentence(job.job->key, name)));
                }
            }
        }
        for (const WorkflowSetting &setting : job.job->env.entries) {
            if (secret.match(setting.value.text).hasMatch())
                matches.append(
                    matchAt(job, setting.at, sentence(job.job->key, setting.value.text)));
        }
    }
    return matches;
}

QList<Match> registryPassword(const Scene &, const SceneFile &file)
{
    static const QRegularExpression secret(QStringLiteral("secrets\\.\\w*PASS\\w*"),
                                           QRegularExpression::CaseInsensitiveOption);
    QList<Match> matches;
    const auto sentence = [](const SceneJob &job, const QString &name) {
        return Words::tr("Job %1 signs in to the registry with a password (%2)")
            .arg(job.job->key, name);
    };
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            const WorkflowSetting *password = step.step->with.find(QStringLiteral("password"));
            if (step.action() == QLatin1String("docker/login-action") && password
                && secret.match(password->value.text).hasMatch())
                matches.append(
                    matchAt(job, step, password->at,
                            sentence(job, secret.match(password->value.text).captured())));
            for (qsizetype i = 0; i < step.commands.size(); ++i) {
                const ShellCommand &command = step.commands[i];
                const auto signsIn = [](const ShellCommand &some) {
                    return some.runs(QStringLiteral("docker"), {QStringLiteral("login")});
                };
                const bool isPiped = command.then == ShellCommand::Then::Pipe
                                     && i + 1 < step.commands.size()
                                     && signsIn(step.commands[i + 1]);
                for (const ShellWord &word : command.words) {
                    const QString name = secret.match(word.text).captured();
                    if ((signsIn(command) || isPiped) && !name.isEmpty())
                        matches.append(matchAt(job, step, word, sentence(job, name)));
                }
            }
        }
    }
    return matches;
}

QList<Match> longLivedKey(const Scene &, const SceneFile &file)
{
    static const QHash<QString, QStringList> keys = {
        {QStringLiteral("google-github-actions/auth"), {QStringLiteral("credentials_json")}},
        {QStringLiteral("google-github-actions/setup-gcloud"),
         {QStringLiteral("service_account_key")}},
        {QStringLiteral("google-github-actions/deploy-cloudrun"), {QStringLiteral("credentials")}},
        {QStringLiteral("aws-actions/configure-aws-credentials"),
         {QStringLiteral("aws-secret-access-key")}},
        {QStringLiteral("azure/login"), {QStringLiteral("creds")}}};
    QList<Match> matches;
    for (const SceneJob &job : file.jobs) {
        for (const SceneStep &step : job.steps) {
            for (const QString &name : keys.value(step.action().toLower())) {
                const WorkflowSetting *key = step.step->with.find(name);
                if (key && key->value.text.contains(QLatin1String("secrets.")))
                    matches.append(
                        matchAt(job, step, key->at,
                                Words::tr("Job %1 signs in with a key that never expires (%2)")
                                    .arg(job.job->key, key->value.text)));
            }
        }
    }
    return matches;
}

} // namespace

QList<Rule> securityRules()
{
    using Severity = Finding::Severity;
    const QString permissions = QStringLiteral("permissions:\n"
                                               "  contents: read\n"
                                               "jobs:\n"
                                               "  deploy:\n"
                                               "    permissions:\n"
                                               "      contents: read\n"
                                               "      id-token: write\n");
    const QString identity
        = QStringLiteral("- uses: google-github-actions/auth@<commit SHA>\n"
                         "  with:\n"
                         "    workload_identity_provider: ${{ vars.IDENTITY_PROVIDER }}\n"
                         "    service_account: ${{ vars.DEPLOYER }}\n");
    return {
        {QStringLiteral("PD-07"), Severity::Hygiene, Words::tr("no permissions given"),
         Words::tr("Without permissions the token has what the repository's settings give, often "
                   "the right to write. Give what is needed, and more only to the job that needs "
                   "it."),
         permissions, noPermissions},
        {QStringLiteral("PD-07b"), Severity::Risk, Words::tr("all permissions given"),
         Words::tr("Any action in such a job can change code, releases and settings."), permissions,
         allPermissions},
        {QStringLiteral("PD-09"), Severity::Hygiene, Words::tr("action not pinned"),
         Words::tr("A tag or branch of another repository can be moved to other code, which then "
                   "runs with this job's secrets. A commit cannot; let Dependabot renew it."),
         QStringLiteral("- uses: actions/checkout@<commit SHA> # v4.2.2\n"), movableActions},
        {QStringLiteral("PD-39"), Severity::Risk, Words::tr("kubeconfig as a secret"),
         Words::tr("Sign in with the run's own identity, and give it one namespace."),
         identity
             + QStringLiteral("- uses: google-github-actions/get-gke-credentials@<commit SHA>\n"
                              "  with:\n"
                              "    cluster_name: production\n"
                              "    location: us-central1\n"),
         kubeconfigSecret},
        {QStringLiteral("PD-40"), Severity::Risk, Words::tr("registry password"),
         Words::tr("A password opens the whole account and lasts until somebody changes it. A "
                   "token has a scope; the run's own identity has an end."),
         QStringLiteral("- uses: docker/login-action@<commit SHA>\n"
                        "  with:\n"
                        "    registry: ghcr.io\n"
                        "    username: ${{ github.actor }}\n"
                        "    password: ${{ secrets.GITHUB_TOKEN }}\n"),
         registryPassword},
        {QStringLiteral("PD-42"), Severity::Hygiene, Words::tr("outdated action"),
         Words::tr("The runners drop old versions of Node, and with them the actions that ask for "
                   "them."),
         QStringLiteral("- uses: actions/checkout@<commit SHA> # v4\n"), oldActions},
        {QStringLiteral("PD-59"), Severity::Risk, Words::tr("a key that never expires"),
         Words::tr("Who copies the key has the account until somebody notices. The run can prove "
                   "who it is instead and gets a token for an hour."),
         identity, longLivedKey},
    };
}

} // namespace pilothouse
