import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { homeOf, readSignInSearch } from '@/features/session/next';
import { sessionQuery } from '@/features/session/session-api';
import { root, signedIn } from './root';

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readSignInSearch,
  beforeLoad: async ({ context, search }) => {
    const session = await context.queryClient.ensureQueryData(sessionQuery);
    // Whoever tries single sign-on is signed in, and has to read why it failed.
    if (session !== null && search.sign_on === undefined)
      throw redirect({ href: search.next ?? homeOf(session) });
  },
  component: lazyRouteComponent(() => import('@/features/session/sign-in-page'), 'SignInPage'),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  component: lazyRouteComponent(() => import('@/features/session/invite-page'), 'InvitePage'),
});

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  component: lazyRouteComponent(
    () => import('@/features/session/reset-password-page'),
    'ResetPasswordPage',
  ),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(
    () => import('@/features/session/forgot-password-page'),
    'ForgotPasswordPage',
  ),
});

const unsubscribe = createRoute({
  getParentRoute: () => root,
  path: '/unsubscribe',
  component: lazyRouteComponent(
    () => import('@/features/mail/unsubscribe-page'),
    'UnsubscribePage',
  ),
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context }) => {
    throw redirect({ href: homeOf(context.session) });
  },
});

export const outsideRoutes = [signIn, invite, resetPassword, forgotPassword, unsubscribe] as const;
export const homeRoutes = [home] as const;
