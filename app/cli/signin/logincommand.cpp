#include "app/cli/signin/logincommand.h"

#include "app/cli/commands.h"
#include "app/cli/signin/tokeninput.h"
#include "app/wiring/signin/accounts.h"
#include "base/whendone.h"
#include "base/words.h"
#include "workspace/workspacefile.h"

#include <QCommandLineParser>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonObject>

namespace pilothouse {
namespace {

const QString loginVerb = QStringLiteral("login");

enum LoginExit { LoggedIn = 0, OneIsMissing = 1, KeychainFailed = 4 };

struct LoginOptions
{
    QString workspace;
    QString system;
    QString account;
    enum class Wish { PutIn, TakeOut } wish = Wish::PutIn;
    bool asJson = false;
};

Result<LoginOptions> loginOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    const QCommandLineOption workspace(QStringLiteral("workspace"), {}, QStringLiteral("FILE"),
                                       QStringLiteral("pilothouse.yaml"));
    const QCommandLineOption account(QStringLiteral("account"), {}, QStringLiteral("NAME"));
    const QCommandLineOption remove(QStringLiteral("remove"));
    const QCommandLineOption json(QStringLiteral("json"));
    parser.addOptions({workspace, account, remove, json});
    if (!parser.parse(QStringList{loginVerb} + arguments))
        return fail(ErrorKind::BadInput, parser.errorText());
    const QStringList systems = parser.positionalArguments();
    // What stands there may be a token by mistake: it is not repeated.
    if (systems.size() > 1)
        return fail(ErrorKind::BadInput,
                    Words::tr("One system at a time; a token is read from standard input, never "
                              "from the arguments."));
    LoginOptions options{parser.value(workspace), systems.value(0), parser.value(account)};
    if (parser.isSet(remove))
        options.wish = LoginOptions::Wish::TakeOut;
    options.asJson = parser.isSet(json);
    return options;
}

/// Waits until the keychain, and perhaps a person who unlocks it, has answered.
template <typename T>
Result<T> keychainAnswer(const QFuture<Result<T>> &answer)
{
    QObject here;
    QEventLoop loop;
    std::optional<Result<T>> result;
    whenDone(
        answer, &here,
        [&](const Result<T> &told) {
            result = told;
            loop.quit();
        },
        [&] {
            result = fail(ErrorKind::Cancelled, Words::tr("The keychain was given up."));
            loop.quit();
        });
    if (!result)
        loop.exec();
    return *result;
}

QString accountNames(const QList<KeychainAccount> &accounts)
{
    QStringList names;
    for (const KeychainAccount &account : accounts)
        names << account.key();
    return names.join(QStringLiteral(", "));
}

Result<KeychainAccount> chosenAccount(const QList<KeychainAccount> &accounts,
                                      const LoginOptions &options)
{
    QList<KeychainAccount> fitting;
    for (const KeychainAccount &account : accounts) {
        if (account.system == options.system
            && (options.account.isEmpty() || account.name == options.account))
            fitting.append(account);
    }
    if (fitting.size() == 1)
        return fitting.first();
    if (fitting.size() > 1)
        return fail(
            ErrorKind::BadInput,
            Words::tr("There are several; --account tells which: %1.").arg(accountNames(fitting)));
    return fail(ErrorKind::BadInput,
                accounts.isEmpty()
                    ? Words::tr("Nothing in this workspace has “credential: keychain”.")
                    : Words::tr("This workspace wants no such token from the keychain, but: %1.")
                          .arg(accountNames(accounts)));
}

int listAccounts(Keychain &keychain, const QList<KeychainAccount> &accounts,
                 const LoginOptions &options)
{
    if (accounts.isEmpty() && !options.asJson)
        print(Words::tr("Nothing in this workspace has “credential: keychain”.")
              + QLatin1Char('\n'));
    LoginExit end = LoggedIn;
    QJsonArray told;
    for (const KeychainAccount &account : accounts) {
        const Result<Secret> token = keychainAnswer(keychain.read(account.key()));
        told.append(QJsonObject{
            {QStringLiteral("account"), account.key()},
            {QStringLiteral("present"), token.has_value()},
            {QStringLiteral("error"), token ? QString() : token.error().message},
        });
        if (!options.asJson)
            print(QStringLiteral("%1: %2\n")
                      .arg(account.key(),
                           token ? Words::tr("there is a token") : token.error().message));
        if (!token)
            end = token.error().kind == ErrorKind::NotFound ? OneIsMissing : KeychainFailed;
        if (end == KeychainFailed)
            break;
    }
    if (options.asJson)
        printJson(told);
    return end;
}

int refused(const Error &error)
{
    complain(error.message);
    if (!error.detail.isEmpty())
        complain(error.detail);
    return KeychainFailed;
}

int done(const KeychainAccount &account, const QString &sentence, const LoginOptions &options)
{
    if (options.asJson)
        printJson({{QStringLiteral("account"), account.key()}, {QStringLiteral("done"), true}});
    else
        print(sentence + QLatin1Char('\n'));
    return LoggedIn;
}

int putIn(Keychain &keychain, const KeychainAccount &account, const LoginOptions &options)
{
    const auto token
        = tokenFromInput(Words::tr("Token for %1 (it is not shown): ").arg(account.title));
    if (!token)
        return misused(loginVerb, token.error().message);
    const Result<void> written = keychainAnswer(keychain.write(account.key(), *token));
    if (!written)
        return refused(written.error());
    return done(account,
                Words::tr("The token for %1 is in the keychain, as “%2” of pilothouse.")
                    .arg(account.title, account.key()),
                options);
}

int takeOut(Keychain &keychain, const KeychainAccount &account, const LoginOptions &options)
{
    const Result<void> removed = keychainAnswer(keychain.remove(account.key()));
    if (!removed)
        return refused(removed.error());
    return done(account,
                Words::tr("The token for %1 is no longer in the keychain.").arg(account.title),
                options);
}

} // namespace

int loginCommand(const QStringList &arguments)
{
    const auto options = loginOptions(arguments);
    if (!options)
        return misused(loginVerb, options.error().message);
    const auto workspace = loadWorkspace(options->workspace);
    if (!workspace)
        return misused(loginVerb, workspace.error().message);
    const QList<KeychainAccount> accounts = keychainAccounts(*workspace);
    DesktopKeychain keychain;
    if (options->system.isEmpty())
        return listAccounts(keychain, accounts, *options);
    const auto account = chosenAccount(accounts, *options);
    if (!account)
        return misused(loginVerb, account.error().message);
    return options->wish == LoginOptions::Wish::TakeOut ? takeOut(keychain, *account, *options)
                                                        : putIn(keychain, *account, *options);
}

} // namespace pilothouse
