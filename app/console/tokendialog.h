#pragma once

#include "connectors/secrets/keychaintoken.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QPushButton;

namespace pilothouse {

/// Puts an account's token into the keychain. What is typed is never shown and is forgotten when
/// the dialog closes.
class TokenDialog final : public QDialog
{
    Q_OBJECT

public:
    /// The keychain outlives it.
    TokenDialog(Keychain &keychain, const KeychainAccount &account, QWidget *parent);

private:
    void keep();
    void say(const QString &sentence);

    Keychain &m_keychain;
    KeychainAccount m_account;
    QLineEdit *m_token;
    QLabel *m_notice;
    QPushButton *m_keep;
};

} // namespace pilothouse
