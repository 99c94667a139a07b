import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { readAccountSearch } from '@/features/account/search-params';
import { readAuditSearch } from '@/features/audit/search-params';
import { readChatSearch } from '@/features/chat/search-params';
import { readIntegrationsSearch } from '@/features/integrations/search-params';
import { readMailSearch } from '@/features/mail/search-params';
import { readNotificationsSearch } from '@/features/notifications/search-params';
import { readTokensSearch } from '@/features/tokens/search-params';
import { readUsageSearch } from '@/features/usage/search-params';
import { readSubscriptionSearch, readWebhooksSearch } from '@/features/webhooks/search-params';
import { settingsRoot } from './settings-root';

const tokens = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'tokens',
  validateSearch: readTokensSearch,
  component: lazyRouteComponent(() => import('@/features/tokens/tokens-page'), 'TokensPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'API tokens' }] },
});

const webhooks = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'webhooks',
  validateSearch: readWebhooksSearch,
  component: lazyRouteComponent(() => import('@/features/webhooks/webhooks-page'), 'WebhooksPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Webhooks' }] },
});

const subscription = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'webhooks/$subscription',
  validateSearch: readSubscriptionSearch,
  component: lazyRouteComponent(
    () => import('@/features/webhooks/subscription-page'),
    'SubscriptionPage',
  ),
  staticData: {
    crumbs: ({ account: id }) => [
      { word: 'Webhooks', href: `/settings/${id}/webhooks` },
      { word: 'Webhook' },
    ],
  },
});

const notifications = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'notifications',
  validateSearch: readNotificationsSearch,
  component: lazyRouteComponent(
    () => import('@/features/notifications/notifications-page'),
    'NotificationsPage',
  ),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Notifications' }] },
});

const mail = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'mail',
  validateSearch: readMailSearch,
  component: lazyRouteComponent(() => import('@/features/mail/mail-page'), 'MailPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'E-mail' }] },
});

const chat = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'chat',
  validateSearch: readChatSearch,
  component: lazyRouteComponent(() => import('@/features/chat/chat-page'), 'ChatPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Chat' }] },
});

const integrations = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'integrations',
  validateSearch: readIntegrationsSearch,
  component: lazyRouteComponent(
    () => import('@/features/integrations/integrations-page'),
    'IntegrationsPage',
  ),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Integrations' }] },
});

const audit = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('@/features/audit/audit-page'), 'AuditPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Audit log' }] },
});

const usage = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'usage',
  validateSearch: readUsageSearch,
  component: lazyRouteComponent(() => import('@/features/usage/usage-page'), 'UsagePage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Usage' }] },
});

const account = createRoute({
  getParentRoute: () => settingsRoot,
  path: 'account',
  validateSearch: readAccountSearch,
  component: lazyRouteComponent(() => import('@/features/account/account-page'), 'AccountPage'),
  staticData: { crumbs: () => [{ word: 'Settings' }, { word: 'Account' }] },
});

/** Below settingsRoot. */
export const accessRoutes = [
  tokens,
  webhooks,
  subscription,
  notifications,
  mail,
  chat,
  integrations,
  audit,
  usage,
  account,
] as const;
