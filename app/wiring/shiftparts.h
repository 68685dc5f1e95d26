#pragma once

#include "app/wiring/connections.h"
#include "app/wiring/signin/accounts.h"

namespace pilothouse {

class GitRepository;
class Journal;
class MetricSource;

/// What the begin of a shift is checked with. All of it belongs to the console.
struct ShiftParts
{
    struct Control
    {
        TrackName track;
        TrafficControl *control = nullptr;
    };

    QList<Connections::Account> accounts;
    QList<KeychainAccount> keychainAccounts;
    QList<Control> controls;
    GitRepository &repository;
    QString mirror; ///< the folder of the Git mirror
    Journal &journal;
    std::optional<Error> journalError;
    Keychain &keychain;
    Clock &clock;
    MetricSource *metrics = nullptr; ///< nullptr = there is none
    bool hasAlertmanager = false;
};

} // namespace pilothouse
