#include "app/console/tokendialog.h"

#include "app/wiring/signin/accounts.h"
#include "base/whendone.h"
#include "ui/widgets/ink.h"
#include "ui/widgets/spacing.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace pilothouse {
namespace {

constexpr int tokenDialogWidth = 520;

} // namespace

TokenDialog::TokenDialog(Keychain &keychain, const KeychainAccount &account, QWidget *parent)
    : QDialog(parent), m_keychain(keychain), m_account(account), m_token(new QLineEdit),
      m_notice(new QLabel)
{
    setObjectName(QStringLiteral("tokenDialog"));
    setWindowTitle(tr("Token for %1").arg(account.title));
    setAttribute(Qt::WA_DeleteOnClose);
    setMinimumWidth(tokenDialogWidth);
    auto *prompt = new QLabel(tr("&Token for %1. It goes into the desktop's keychain, as “%2” of "
                                 "pilothouse, and nowhere else.")
                                  .arg(account.title, account.key()));
    prompt->setWordWrap(true);
    prompt->setBuddy(m_token);
    m_token->setObjectName(QStringLiteral("tokenField"));
    m_token->setAccessibleName(windowTitle());
    m_token->setEchoMode(QLineEdit::Password);
    m_notice->setObjectName(QStringLiteral("tokenNotice"));
    m_notice->setWordWrap(true);
    m_notice->hide();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_keep = buttons->addButton(tr("Keep in Keychain"), QDialogButtonBox::AcceptRole);
    m_keep->setObjectName(QStringLiteral("keepButton"));
    m_keep->setEnabled(false);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(spacing::Small);
    column->addWidget(prompt);
    column->addWidget(m_token);
    column->addWidget(m_notice);
    column->addWidget(buttons);
    // Only what stands in a dialog already can be its default.
    m_keep->setDefault(true);
    m_token->setFocus();
    connect(m_token, &QLineEdit::textChanged, this,
            [this](const QString &text) { m_keep->setEnabled(!text.trimmed().isEmpty()); });
    connect(buttons, &QDialogButtonBox::accepted, this, &TokenDialog::keep);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void TokenDialog::keep()
{
    const auto token = tokenFromText(m_token->text().toUtf8());
    if (!token)
        return say(token.error().message);
    m_keep->setEnabled(false);
    whenDone(
        m_keychain.write(m_account.key(), *token), this,
        [this](const Result<void> &written) {
            m_keep->setEnabled(true);
            if (written)
                accept();
            else
                say(written.error().message);
        },
        [this] {
            m_keep->setEnabled(true);
            say(tr("The keychain gave no answer. Try again."));
        });
}

void TokenDialog::say(const QString &sentence)
{
    setInk(m_notice, Tone::Danger);
    m_notice->setText(sentence);
    m_notice->show();
    adjustSize();
}

} // namespace pilothouse
